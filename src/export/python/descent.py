
def {{DESCENT}}(network, x, y, eps, steps, step, start):
    """{{WORDS}}: where it ends, and which images are read right wherever it looks."""
    right = read(network, x) == y
    point = x
    if start:
{{START}}
    for left in range(steps, -1, -1):
{{CONFINED}}
        right = right & (read(network, point) == y)
        if left:
            slope = gradient(network, point, y)
{{CLIMBED}}
    return point, right

