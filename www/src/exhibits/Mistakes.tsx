/** Below the lab: which digits an attack confuses, and what it is worth against other networks. */
import { useComputed } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { measureTargets } from '../actions';
import { measureAttack } from '../engine/keys';
import { heatRows, rowShares } from '../plots/heat';
import { count, percent } from '../plots/measured';
import { confusion, recipe, targets } from '../state';
import { Kept } from './Kept';
import { attackWords } from './parts/attackWords';
import { HeatMap } from './parts/HeatMap';

const DIGITS = Array.from({ length: 10 }, (_, digit) => `${digit}`);
/** Room for “digit ↓”. */
const LEFT = 46;
const MOST = 38;

function Confusion() {
  const found = confusion.value;
  const attack = useComputed(() => attackWords(measureAttack(recipe.value))).value;
  const counts = found?.counts;
  const shares = useMemo(() => rowShares(counts ?? []), [counts]);
  const table = useMemo(
    () =>
      heatRows(
        'digit \\ read as',
        DIGITS,
        DIGITS,
        (counts ?? []).map((row) => row.map(String)),
      ),
    [counts],
  );
  return (
    <section class="exhibit" aria-labelledby="confusion-title" data-testid="confusion">
      <h3 id="confusion-title">What attacked digits are read as</h3>
      <p class="small muted">
        Share of each digit’s images, %, when re-attacked ({attack}). Grey is what withstands.
      </p>
      {found && found.total > 0 && (
        <HeatMap
          title="Confusion under attack"
          rowTitle="digit ↓"
          columnTitle="read as →"
          rows={DIGITS}
          columns={DIGITS}
          shares={shares}
          of={(row, column) => ['confused', row, column]}
          colour={(row, column) => (row === column ? 'muted' : 'adaptive')}
          left={LEFT}
          most={MOST}
          table={table}
          file="secateurs-confusion"
        />
      )}
      <p class="small muted status">
        {found && found.total > 0
          ? found.total < found.of
            ? `${count(found.total)} of ${count(found.of)} images so far`
            : `${count(found.total)} test images`
          : 'Being measured.'}
      </p>
    </section>
  );
}

function Targets() {
  const { phase, attack, images, fraction, reached, of } = targets.value;
  const shares = useMemo(
    () =>
      reached.map((row, digit) =>
        row.map((some, target) => {
          const all = of[digit]?.[target] ?? 0;
          return all > 0 ? some / all : null;
        }),
      ),
    [reached, of],
  );
  const table = useMemo(
    () =>
      heatRows(
        'digit \\ aimed at',
        DIGITS,
        DIGITS,
        shares.map((row) => row.map((share) => (share === null ? '' : percent(share)))),
      ),
    [shares],
  );
  const words = attackWords({ ...attack, target: -1 });
  return (
    <section
      class="exhibit"
      aria-labelledby="targets-title"
      data-testid="targets"
      data-phase={phase}
    >
      <h3 id="targets-title">From which digit to which</h3>
      <p class="small muted">
        Every image is attacked once towards each digit ({words}): share that gets there, %, of
        those read right before.
      </p>
      {phase === 'none' ? (
        <p class="start">
          <button type="button" class="button" onClick={measureTargets}>
            Run the ten attacks
          </button>
          <span class="small muted">on {count(images)} test images</span>
        </p>
      ) : (
        <>
          <HeatMap
            title="Targeted attacks"
            rowTitle="digit ↓"
            columnTitle="made a →"
            rows={DIGITS}
            columns={DIGITS}
            shares={shares}
            of={(row, column) => (row === column ? null : ['aimed', row, column])}
            colour={() => 'adaptive'}
            left={LEFT}
            most={MOST}
            table={table}
            file="secateurs-targets"
          />
          <p class="small muted status">
            {phase === 'running'
              ? `attacking, ${Math.floor(100 * fraction)} %`
              : `${count(images)} test images, ten attacks each`}
          </p>
        </>
      )}
    </section>
  );
}

export function Mistakes() {
  return (
    <div class="exhibits">
      <Confusion />
      <Targets />
      <Kept />
    </div>
  );
}
