    if folder:
        name = Path(folder) / ("train" if train else "t10k")
        pixels = np.fromfile(f"{name}-images-idx3-ubyte", np.uint8)[16:]
        labels = np.fromfile(f"{name}-labels-idx1-ubyte", np.uint8)[8:]
    else:
        from torchvision.datasets import MNIST

        found = MNIST(HERE / "mnist", train=train, download=True)
        pixels, labels = found.data.numpy(), found.targets.numpy()
