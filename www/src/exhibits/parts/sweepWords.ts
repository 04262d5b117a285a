/** The axes of a sweep in words, and the sweep as commands and files. */

import { keyOf } from '../../engine/keys';
import { axesOf } from '../../engine/sweep';
import table from '../../generated/properties.json';
import type { SweepCell, SweepSettings } from '../../trialsState';
import type { Property } from './properties';

const groups = table.groups as unknown as Record<string, Property[]>;

const PARTS: Record<string, string> = {
  train: 'training',
  prune: 'pruning',
  learn: 'mask',
  attack: 'attack',
  measure: 'measured',
  distortion: 'distortion',
};

/** An axis's property in the core's table, and which of several steps it is of. */
function found(name: string): { property: Property | undefined; part: string; step: string } {
  const [first = '', key] = name.includes('.') ? name.split('.') : ['network', name];
  const [, part = first, step = ''] = first.match(/^([a-z]+)(\d*)$/) ?? [];
  return { property: groups[part]?.find((each) => each.key === key), part, step };
}

export function axisLabel(name: string): string {
  const { property, part, step } = found(name);
  if (!property) return name;
  const of = PARTS[part];
  const label = property.unit === '%' ? `${property.label}, %` : property.label;
  return of ? `${of}${step && ` ${step}`}: ${label.toLowerCase()}` : label;
}

/** Values that an axis can take, where there is a list of them. */
export function optionsOf(name: string): string[] {
  const { property } = found(name);
  if (property?.kind === 'flag') return ['no', 'yes'];
  return (
    property?.options?.map(({ value }) => value) ??
    property?.marks?.map((each) => `${each.value}`) ??
    []
  );
}

export function valueLabel(name: string, value: string): string {
  const { property } = found(name);
  const label = property?.options?.find((option) => option.value === value)?.label;
  return label?.replace(/, (most|smallest) first$/, '') ?? value;
}

/** The command that computes the same natively. */
export function commandLine(link: string, settings: SweepSettings): string {
  const axes = axesOf(settings).map((axis) => `--axis ${quoted(axis)}`);
  return ['secateurs sweep', quoted(link), ...axes].join(' ');
}

const quoted = (text: string) =>
  /^[\w.=,-]+$/.test(text) ? text : `'${text.replaceAll("'", '')}'`;

/** One line a network, as the command line writes it: `secateurs summary` reads them. */
export function jsonLines(cells: readonly SweepCell[]): string {
  const lines = cells.flatMap(({ at, link, outcome }) => {
    if (!outcome) return [];
    const settings = Object.fromEntries(at.map(({ name, value }) => [name, value]));
    const whole = `${link}&digest=${outcome.digest}`;
    return [`${keyOf({ at: settings, link: whole, outcome })}\n`];
  });
  return lines.join('');
}
