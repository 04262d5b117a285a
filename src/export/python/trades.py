def divergence(network, x, points, reduction):
    """KL(f(x) ‖ f(x̃)), as in TRADES."""
    moved, clean = (network(values).log_softmax(1) for values in (points, x))
    return F.kl_div(moved, clean, reduction=reduction, log_target=True)


def apart(network, x, eps, steps):
    """PGD up the divergence, from close to the image."""
    points = x + 0.001 * torch.randn_like(x)
    for _ in range(steps):
        points = points.detach().requires_grad_()
        slope = torch.autograd.grad(divergence(network, x, points, "sum"), points)[0]
        points = points.detach() + 2.5 * eps / steps * slope.sign()
        points = torch.minimum(torch.maximum(points, x - eps), x + eps).clamp(0, 1)
    return points


