/** What was measured beside what was predicted. */
import { useEffect, useRef } from 'preact/hooks';
import { Explained } from '../exhibits/parts/explained';
import { isCurve, sentence } from './compare';
import { Axes, pathOf } from './Scale';
import type { Noted } from './store';
import type { Answer, Choose, DrawCurve, Prediction, SetNumber } from './types';

type Shown<P> = { asked: P; predicted: Answer | null; measured: Answer; others: Others };
/** What was measured in the other steps, by their names. */
type Others = Readonly<Record<string, Noted>>;

function Bar({
  kind,
  label,
  value,
  series,
}: {
  kind: string;
  label: string;
  value: number;
  /** Of what was measured: what it is in the lab. */
  series?: string;
}) {
  const figure = kind === 'mine' ? `${value}` : value.toFixed(1);
  return (
    <tr class={kind}>
      <th scope="row">{label}</th>
      <td class="bar-cell" aria-hidden="true">
        <span class="bar" style={{ width: `${value}%` }} />
      </td>
      <td class="number">
        {series ? (
          <Explained of={['revealed', series, figure]} label={`${label}: ${figure} %`}>
            {figure}
          </Explained>
        ) : (
          figure
        )}
        <span class="muted"> %</span>
      </td>
    </tr>
  );
}

function Numbers({ asked, predicted, measured, others }: Shown<SetNumber>) {
  const mark = asked.mark?.value() ?? null;
  if (typeof measured !== 'number') return null;
  const { beside } = asked;
  const other = beside && others[beside.step]?.measured;
  return (
    <table class="reveal-bars">
      <caption class="heard">{asked.name}</caption>
      <tbody>
        {mark !== null && asked.mark && <Bar kind="before" label={asked.mark.label} value={mark} />}
        {beside && typeof other === 'number' && (
          <Bar kind="before" label={beside.label} value={other} />
        )}
        {typeof predicted === 'number' && <Bar kind="mine" label="you said" value={predicted} />}
        <Bar kind="found" label={asked.name} value={measured} series={asked.series} />
      </tbody>
    </table>
  );
}

function Choices({ asked, predicted, measured }: Omit<Shown<Choose>, 'others'>) {
  return (
    <ul class="reveal-choices">
      {asked.options.map(({ value, label }) => (
        <li key={value} class={value === measured ? 'found' : ''}>
          <span>{label}</span>
          <span class="small">
            {value === measured && 'measured'}
            {value === measured && value === predicted && ', '}
            {value === predicted && 'you said so'}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Curves({ asked, predicted, measured }: Omit<Shown<DrawCurve>, 'others'>) {
  if (!isCurve(measured)) return null;
  const mine = predicted !== null && isCurve(predicted) ? predicted : null;
  return (
    <>
      <Axes asked={asked} label={`${asked.name}: measured, and as you drew it`}>
        {mine && <path class="predicted" d={pathOf(asked, mine)} />}
        <path class="measured" d={pathOf(asked, measured)} />
      </Axes>
      <p class="small legend">
        <span class="found">{asked.name}</span>
        {mine && <span class="mine">as you drew it</span>}
      </p>
      <div class="heard">
        <table>
          <caption>{asked.name}</caption>
          <thead>
            <tr>
              <th scope="col">{asked.axis}</th>
              {mine && <th scope="col">you drew</th>}
              <th scope="col">measured</th>
            </tr>
          </thead>
          <tbody>
            {measured.map(([x, y], at) => (
              <tr key={x}>
                <th scope="row">{x}</th>
                {mine && <td>{mine[at]?.[1]}</td>}
                <td>{y.toFixed(1)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

export function Reveal({
  asked,
  noted,
  others,
  fresh,
}: {
  asked: Prediction;
  noted: Noted;
  others: Others;
  /** It was asked for just now. */
  fresh: boolean;
}) {
  const { predicted, measured } = noted;
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (fresh) place.current?.scrollIntoView({ block: 'nearest' });
  }, [fresh]);
  if (measured === null) return null;
  const said = sentence(asked, predicted, measured);
  return (
    <div class={`reveal ${asked.series}`} ref={place} data-testid="reveal">
      <p class="tag">Measured here</p>
      {asked.kind === 'number' && (
        <Numbers asked={asked} predicted={predicted} measured={measured} others={others} />
      )}
      {asked.kind === 'choose' && (
        <Choices asked={asked} predicted={predicted} measured={measured} />
      )}
      {asked.kind === 'curve' && <Curves asked={asked} predicted={predicted} measured={measured} />}
      {said && <p>{said}</p>}
    </div>
  );
}
