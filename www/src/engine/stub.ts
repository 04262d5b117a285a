import { defaultControls } from './defaults';
import { withPrune, withTraining } from './recipes';
import type { FindingFacts, FindingTrial, Verdict } from './trialsTemp';
import type { TrialResult } from './types';

export function findings(): FindingFacts[] {
  return [
    {
      name: 'deletion',
      title: 'Zeroing 80 % of the weights, changing none, defends',
      claim:
        'Pruning alone can make a network robust: finding a subnetwork whose mask is learned on the adversarial loss.',
      source: 'Sehwag et al. 2020, “HYDRA: Pruning adversarially robust neural networks”',
      rule: 'Holds if the re-attacked accuracy of the cut network exceeds that of the whole one beyond both intervals, and no weight that is left differs by a bit.',
      about: 'Two networks: trained as usual, and the same with a mask.',
    },
    {
      name: 'units',
      title: 'Cutting the most distorted neurons makes a network robust',
      claim:
        'Features that are distorted most by an attack are vulnerable; pruning them suppresses the distortion and makes the network robust.',
      source:
        'Madaan, Shin & Hwang 2020, “Adversarial neural pruning with latent vulnerability suppression”',
      rule: 'Holds if the re-attacked accuracy rises beyond both intervals; holds only for old images if the transfer accuracy alone does.',
      about:
        'The default network, and the same with 10 % of the units of each layer cut by distortion.',
    },
  ];
}

export function findingTrials(name: string): FindingTrial[] {
  const controls = defaultControls();
  return [0, 1].flatMap((seed) => {
    const trained = withTraining({
      ...controls,
      network: { ...controls.network, seed },
      train: { ...controls.train, epochs: 1, images: 5000 },
      measure: { ...controls.measure, images: 500 },
    });
    const by = name === 'deletion' ? 'magnitude' : 'distortion';
    const what = name === 'deletion' ? 'weights' : 'units';
    return [0, 10, 20].map((amount) => ({
      label: amount === 0 ? 'the whole network' : `${amount} % of ${what} cut by ${by}`,
      seed,
      group: seed,
      recipe: amount === 0 ? trained : withPrune(trained, { ...controls.prune, what, by, amount }),
      asked: { transfer: true, adaptive: [0.05, 0.1], certified: [], frozen: false },
    }));
  });
}

export function judge(name: string, outcomes: TrialResult[]): Verdict {
  const figures: Verdict['figures'] = [];
  const labels = findingTrials(name)
    .slice(0, 3)
    .map(({ label }) => label);
  labels.forEach((label, i) => {
    const all = [outcomes[i], outcomes[i + 3]].flatMap((o) => (o ? [o] : []));
    const add = (
      measure: 'clean' | 'transfer' | 'adaptive',
      eps: number | null,
      pick: (o: TrialResult) => number,
    ) => {
      const vs = all.map(pick);
      const mean = vs.reduce((a, b) => a + b, 0) / vs.length;
      figures.push({
        label,
        measure,
        eps,
        value: 100 * mean,
        low: 100 * mean - 4,
        high: 100 * mean + 4,
        interval: 'wilson',
        n: 2,
        of: 500,
        unit: '%',
      });
    };
    add('clean', null, (o) => o.clean.correct / o.clean.total);
    [0.05, 0.1].forEach((eps, at) => {
      add('transfer', eps, (o) => (o.transfer[at]?.count.correct ?? 0) / 500);
      add('adaptive', eps, (o) => (o.adaptive[at]?.count.correct ?? 0) / 500);
    });
  });
  return {
    stands: name === 'deletion' ? 'fails' : 'only',
    sentence:
      name === 'deletion'
        ? 'Does not hold: an attacker who tries again is not held up.'
        : 'Holds only for images crafted before the cut, which any cut makes stale.',
    checks: [
      { says: 're-attacked at ε 0.05 rises by 3.1 points; needed 5.0 points', met: false },
      { says: 'clean loses 0.4 points; allowed 3.0 points', met: true },
    ],
    figures,
    digest: '0123456789abcdef',
  };
}
