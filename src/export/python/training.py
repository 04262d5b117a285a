
{{BEFORE}}def trained(folder):
    """The last training from fresh weights by the same settings: other random numbers, other bits."""
    x, y = images(folder, True, {{IMAGES}})
    network = Network()
{{INIT}}    optimiser = torch.optim.{{OPTIMISER}}
    for epoch in range({{EPOCHS}}):
        for batch in torch.randperm(len(x)).split({{BATCH}}):
            pixels, labels = x[batch], y[batch]
{{LOSS}}
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    return network

