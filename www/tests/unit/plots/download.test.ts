import { describe, expect, it } from 'vitest';
import { looksOf, plainColour, sheetOf, standalone } from '../../../src/plots/download';

const NAMESPACE = 'http://www.w3.org/2000/svg';

function drawing(): SVGSVGElement {
  const svg = document.createElementNS(NAMESPACE, 'svg') as SVGSVGElement;
  svg.setAttribute('class', 'spark');
  svg.setAttribute('viewBox', '0 0 20 10');
  svg.innerHTML =
    '<g class="holds"><path class="line" style="fill: none; stroke: rgb(213, 94, 0)" d="M0 0L20 10" /></g>';
  document.body.append(svg);
  return svg;
}

describe('a plot as a file of its own', () => {
  it('tells colours in a form that every viewer knows', () => {
    expect(plainColour('none')).toEqual({ colour: 'none', opacity: 1 });
    expect(plainColour('url("#hatch-0")')).toEqual({ colour: 'url("#hatch-0")', opacity: 1 });
    expect(plainColour('rgb(213, 94, 0)')).toEqual({ colour: '#d55e00', opacity: 1 });
    expect(plainColour('rgba(0, 0, 0, 0.25)')).toEqual({ colour: '#000000', opacity: 0.25 });
    expect(plainColour('color(srgb 1 0.5 0 / 0.5)')).toEqual({ colour: '#ff8000', opacity: 0.5 });
  });

  it('keeps how opaque a colour was, beside what the style said', () => {
    const style: Record<string, string> = { fill: 'rgba(255, 0, 0, 0.5)', 'fill-opacity': '0.5' };
    const looks = looksOf((look) => style[look] ?? '');
    expect(Object.fromEntries(looks)).toEqual({ fill: '#ff0000', 'fill-opacity': '0.25' });
  });

  it('holds everything: looks, title, description, paper', () => {
    const svg = drawing();
    const text = standalone(svg, 'Loss & more');
    const file = new DOMParser().parseFromString(text, 'image/svg+xml');
    expect(text.startsWith(`<svg xmlns="${NAMESPACE}"`)).toBe(true);
    expect(file.querySelector('svg > title')?.textContent).toBe('Loss & more');
    expect(file.querySelector('svg > desc')?.textContent).toContain('Secateurs');
    expect(file.querySelector('svg > rect')?.getAttribute('fill')).toBe('#ffffff');
    // The title can be read where titles are not shown.
    expect(file.querySelector('svg > text')?.textContent).toBe('Loss & more');
    const path = file.querySelector('path');
    expect(path?.getAttribute('stroke')).toBe('#d55e00');
    expect(path?.getAttribute('fill')).toBe('none');
    // Nothing that needs the page's style sheet.
    expect(text).not.toMatch(/ (class|style)=|var\(/);
    // The page itself is as it was.
    expect(svg.getAttribute('class')).toBe('spark');
    expect(svg.hasAttribute('data-scheme')).toBe(false);
    svg.remove();
  });

  it('has room for its title', () => {
    expect(sheetOf(400, 200, 'Accuracy')).toEqual({ width: 416, height: 234 });
    expect(sheetOf(90, 40, 'Distortion of layer 2, largest 0.62').width).toBeGreaterThan(200);
  });
});

/** Files of exhibits whose drawings show no figures: signs, arrows, hatches of a key. */
const DECORATION = new Set([
  'Checks',
  'ComparedTiles',
  'Distortion',
  'FilterCards',
  'Findings',
  'Gallery',
  'Header',
  'Lasso',
  'Network',
  'News',
  'Place',
  'Surface',
  'Task',
  'TileKey',
]);

describe('every plot on the page', () => {
  const sources = import.meta.glob<string>('../../../src/exhibits/**/*.tsx', {
    query: '?raw',
    import: 'default',
    eager: true,
  });
  const drawn = Object.entries(sources).flatMap(([path, source]) => {
    const name = path.split('/').at(-1)?.replace('.tsx', '') ?? '';
    return source.includes('<svg') && !DECORATION.has(name) ? [{ name, source }] : [];
  });

  it.each(drawn)('$name offers SVG, PNG and CSV', ({ source }) => {
    expect(source).toMatch(/<svg[^>]*?ref=\{svg\}/);
    expect(source).toMatch(/<Foot|<Downloads|useOffer\(/);
    expect(source).toMatch(/rows(=|:|,)/);
  });

  it('is drawn in more than ten places', () => {
    expect(drawn.length).toBeGreaterThan(10);
  });
});
