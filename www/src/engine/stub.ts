import { defaultControls } from './defaults';
import { withPrune, withTraining } from './recipes';
import type { FindingFacts, Judgement, Trial } from './trials';
import type { TrialResult } from './types';

export function findings(): FindingFacts[] {
  return [
    {
      name: 'mask',
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

export function findingTrials(name: string): Trial[] {
  const controls = defaultControls();
  const trained = withTraining({
    ...controls,
    train: { ...controls.train, epochs: 1, images: 5000 },
    measure: { ...controls.measure, images: 500 },
  });
  const by = name === 'mask' ? 'magnitude' : 'distortion';
  const what = name === 'mask' ? 'weights' : 'units';
  return [0, 10, 20].map((amount) => ({
    recipe: amount === 0 ? trained : withPrune(trained, { ...controls.prune, what, by, amount }),
    asked: { transfer: true, adaptive: [0.05], certified: [], frozen: false },
  }));
}

export function judge(name: string, outcomes: TrialResult[]): Judgement {
  const [whole, cut] = outcomes;
  const at = (
    label: string,
    count: { correct: number; total: number; low: number; high: number },
  ) => ({ label, value: count.correct / count.total, low: count.low, high: count.high });
  const figures = [whole, cut].flatMap((one, i) =>
    one
      ? [
          at(`clean, ${i ? 'cut' : 'whole'}`, one.clean),
          ...one.transfer.map(({ count }) => at(`old adversarial, ${i ? 'cut' : 'whole'}`, count)),
          ...one.adaptive.map(({ count }) => at(`re-attacked, ${i ? 'cut' : 'whole'}`, count)),
        ]
      : [],
  );
  return {
    stands: name === 'mask' ? 'fails' : 'only',
    sentence: 'For images crafted before the cut; an attacker who tries again is not held up.',
    figures,
    digest: '0123456789abcdef',
  };
}
