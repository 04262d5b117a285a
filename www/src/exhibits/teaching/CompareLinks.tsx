/** Many links to one task, side by side: what they claim, and whether it is so. */
import { signal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { openLink } from '../../actions';
import type { TaskSettings } from '../../engine/types';
import { csv } from '../../plots/curve';
import { count, percent } from '../../plots/measured';
import {
  comparedRows,
  type Line,
  linesOf,
  MOST_LINES,
  type Row,
  ranked,
} from '../../teaching/compared';
import { type Replay, replay, replays } from '../../teaching/replays';
import { readLink } from '../../teachingActions';
import { teaching } from '../../teachingState';

const pasted = signal('');
const lines = signal<readonly Line[]>([]);
const said = signal('');

async function check(): Promise<void> {
  const read = linesOf(pasted.peek()).map(async (link): Promise<Line> => {
    const parsed = await readLink(link);
    return typeof parsed === 'string'
      ? { link, parsed: null, sentence: parsed }
      : { link, parsed, sentence: '' };
  });
  lines.value = await Promise.all(read);
  said.value = '';
}

/** Why a line does not count. */
function wrongWords({ wrong, sentence }: Row): string {
  switch (wrong) {
    case null:
      return '';
    case 'unread':
      return sentence;
    case 'none':
      return 'It claims no score.';
    case 'other':
      return 'It is of another task.';
    case 'images':
      return 'It does not count: measured on other images.';
    case 'eps':
      return 'It does not count: attacked at another ε.';
    case 'attack':
      return 'It does not count: attacked otherwise.';
  }
}

const STATES: Record<Replay['state'], string> = {
  measuring: 'being replayed',
  confirmed: 'confirmed',
  differs: 'differs',
  failed: 'could not be replayed',
};

function Entry({ row, place, task }: { row: Row; place: number; task: TaskSettings }) {
  const known = replays.value.get(row.link);
  const wrong = wrongWords(row);
  return (
    <tr data-testid={`compared-${row.line}`} data-state={known?.state ?? ''}>
      <th scope="row">{row.wrong === null ? place : '–'}</th>
      <td>{row.line}</td>
      <td>
        {row.claimed > 0 && (
          <>
            <b>{percent(row.claimed / task.images)}</b>{' '}
            <span class="muted nowrap">{count(row.claimed)} images</span>
          </>
        )}
      </td>
      <td>
        {wrong ||
          (known ? (
            <>
              {STATES[known.state]}
              {known.state === 'measuring' && ` ${Math.floor(100 * known.fraction)} %`}
              {known.sentence && `: ${known.sentence}`}
            </>
          ) : (
            <button
              type="button"
              class="button"
              aria-label={`Replay and confirm line ${row.line}`}
              onClick={() => replay(row, task)}
            >
              Replay and confirm
            </button>
          ))}
        {row.repeats !== null && <span class="muted"> Same network as line {row.repeats}.</span>}
      </td>
      <td>
        {row.parsed && (
          <button
            type="button"
            class="link"
            aria-label={`Open line ${row.line}`}
            onClick={() => openLink(row.link)}
          >
            Open
          </button>
        )}
      </td>
    </tr>
  );
}

export function CompareLinks() {
  const id = useId();
  const { task } = teaching.value;
  if (!task) return null;
  const rows = ranked(lines.value, task);
  const copy = async () => {
    const table = comparedRows(rows, task, ({ link }) => {
      const state = replays.peek().get(link)?.state;
      return state === 'confirmed' || state === 'differs' ? state : '';
    });
    try {
      await navigator.clipboard.writeText(csv(table));
      said.value = 'Copied.';
    } catch {
      said.value = 'This browser does not let the page copy.';
    }
  };
  return (
    <div class="compare-links">
      <label for={id}>Links to compare, one a line</label>
      <textarea
        id={id}
        rows={4}
        data-testid="links-pasted"
        value={pasted.value}
        onInput={(event) => {
          pasted.value = event.currentTarget.value;
        }}
      />
      <div class="buttons">
        <button
          type="button"
          class="button main"
          data-testid="links-check"
          disabled={linesOf(pasted.value).length === 0}
          onClick={() => void check()}
        >
          Put in order
        </button>
        {rows.length > 0 && (
          <button type="button" class="button" onClick={() => void copy()}>
            Copy as CSV
          </button>
        )}
        <span class="small muted" role="status">
          {said.value}
        </span>
        <span class="small muted">At most {MOST_LINES} at a time; nothing is sent anywhere.</span>
      </div>
      {rows.length > 0 && (
        <div class="scrolls">
          <table data-testid="links-table">
            <thead>
              <tr>
                <th scope="col">place</th>
                <th scope="col">line</th>
                <th scope="col">claimed, %</th>
                <th scope="col">checked</th>
                <th scope="col">
                  <span class="heard">open</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row, at) => (
                <Entry key={row.line} row={row} place={at + 1} task={task} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}
