/** The figures of the network on screen as a table to take away. */
interface Counted {
  correct: number;
  total: number;
  low: number;
  high: number;
  done: boolean;
}

interface Facts {
  digest: string;
  sparsity: number;
  unitsPruned: number;
  units: number;
  pixelsPruned: number;
}

/** What was measured of a network, and what it is; the first row and column are names. */
export function outcomeRows(
  facts: Facts,
  figures: readonly (readonly [name: string, figure: Counted | null])[],
): string[][] {
  const measured = figures.flatMap(([name, figure]) =>
    figure
      ? [
          [
            name,
            `${figure.correct}`,
            `${figure.total}`,
            `${figure.low}`,
            `${figure.high}`,
            figure.done ? 'yes' : 'no',
          ],
        ]
      : [],
  );
  const fact = (name: string, value: string | number) => [name, `${value}`, '', '', '', ''];
  return [
    ['figure', 'images or value', 'of', 'interval from', 'interval to', 'final'],
    ...measured,
    fact('digest', facts.digest),
    fact('sparsity', facts.sparsity),
    fact('units cut', facts.unitsPruned),
    fact('units', facts.units),
    fact('pixels cut', facts.pixelsPruned),
  ];
}
