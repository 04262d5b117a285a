
def {{DESCENT}}(network, x, y, eps, steps, step, start):
    """{{WORDS}}: its last points, and which images it never fools."""
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

