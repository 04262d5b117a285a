/** What a training against an attack is worth while it goes on, and the alarm when it is not. */
import { useComputed } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { percent } from '../plots/measured';
import { courses } from '../plots/watched';
import { watched } from '../state';
import { Explained } from './parts/explained';
import { useOffer } from './parts/offered';

const [WIDTH, HEIGHT] = [200, 34];

const rows = () => [
  ['epoch', 'withstand FGSM, %', 'withstand PGD, %'],
  ...(watched.peek()?.epochs ?? []).map(({ epoch, fgsm, pgd }) => [
    `${epoch}`,
    percent(fgsm),
    percent(pgd),
  ]),
];

function Courses({ lines, said }: { lines: { fgsm: string; pgd: string }; said: string }) {
  const svg = useRef<SVGSVGElement>(null);
  const title = 'Training images that withstand an attack';
  useOffer({ svg, rows, title, file: 'secateurs-robust-training' });
  return (
    <svg
      ref={svg}
      class="spark"
      viewBox={`0 -2 ${WIDTH} ${HEIGHT + 4}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={said}
    >
      <title>{said}</title>
      <path class="fgsm" d={lines.fgsm} vector-effect="non-scaling-stroke" />
      <path class="pgd" d={lines.pgd} vector-effect="non-scaling-stroke" />
    </svg>
  );
}

/** Robust to one step and to many, epoch by epoch. */
export function Watch() {
  const seen = watched.value;
  const lines = useComputed(() => courses(watched.value?.epochs ?? [], WIDTH, HEIGHT)).value;
  const last = seen?.epochs.at(-1);
  if (!seen || !last) return null;
  const said = `Training images that withstand the attack after epoch ${last.epoch}: FGSM ${percent(last.fgsm)} %, PGD ${percent(last.pgd)} %`;
  return (
    <div class="watch" data-testid="watch">
      {lines && <Courses lines={lines} said={said} />}
      <p class="pair">
        <span class="muted">robust, %</span>
        <span>
          <Explained of={['watched', 'fgsm']} className="fgsm">
            FGSM {percent(last.fgsm)}
          </Explained>{' '}
          ·{' '}
          <Explained of={['watched', 'pgd']} className="pgd">
            PGD {percent(last.pgd)}
          </Explained>
        </span>
      </p>
      {seen.overfitting && (
        <p class="alarm" role="alert" data-testid="overfitting">
          <strong>Overfitted to one step.</strong> FGSM accuracy is far above PGD accuracy: the
          network has learned to hide from one step, not to withstand an attack. Train against PGD,
          with a smaller ε, or let ε grow.
        </p>
      )}
    </div>
  );
}
