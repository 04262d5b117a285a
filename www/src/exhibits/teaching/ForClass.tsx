/** A link for a class: what it hides, what it locks, which task it sets. */
import { signal, useComputed } from '@preact/signals';
import { useEffect, useId } from 'preact/hooks';
import { controls, recipe, shareLink } from '../../state';
import '../../styles/class.css';
import { CONTROLS, type Named, PARTS, STILL, toggledName } from '../../teaching/names';
import { classLink, setTeaching } from '../../teachingActions';
import { type Teaching, teaching } from '../../teachingState';
import { CopyText } from '../parts/CopyText';
import { TaskForm } from './TaskForm';

/** What is being put together; nothing on the page changes before it is tried. */
const draft = signal<Teaching | null>(null);
const link = signal('');

function Choice({ of, kind }: { of: Named; kind: 'hide' | 'lock' }) {
  const now = draft.value ?? teaching.value;
  const said = kind === 'hide' ? `Hide: ${of.label}` : `Lock: ${of.label}`;
  return (
    <input
      type="checkbox"
      aria-label={said}
      title={said}
      data-testid={`${kind}-${of.name}`}
      checked={now[kind].includes(of.name)}
      onChange={() => {
        draft.value = { ...now, [kind]: toggledName(now[kind], of.name) };
      }}
    />
  );
}

function Rows({ rows }: { rows: readonly Named[] }) {
  return (
    <>
      {rows.map((row) => (
        <tr key={row.name}>
          <th scope="row">{row.label}</th>
          <td>
            <Choice of={row} kind="hide" />
          </td>
          <td>{!STILL.has(row.name) && <Choice of={row} kind="lock" />}</td>
        </tr>
      ))}
    </>
  );
}

function Table({ rows, title }: { rows: readonly Named[]; title: string }) {
  return (
    <table class="class-table">
      <caption class="heard">{title}</caption>
      <thead>
        <tr>
          <th scope="col">
            <span class="heard">what</span>
          </th>
          <th scope="col">hide</th>
          <th scope="col">lock</th>
        </tr>
      </thead>
      <tbody>
        <Rows rows={rows} />
      </tbody>
    </table>
  );
}

export function ForClass() {
  const id = useId();
  const now = draft.value ?? teaching.value;
  const empty = useComputed(() => recipe.value.steps.length === 0).value;
  const measures = useComputed(() => [controls.value.attack, controls.value.measure]).value;
  useEffect(() => {
    let wanted = true;
    classLink(now).then(
      (written) => {
        if (wanted) link.value = written;
      },
      (error) => {
        if (wanted) link.value = error instanceof Error ? error.message : String(error);
      },
    );
    return () => {
      wanted = false;
    };
  }, [now, shareLink.value, measures]);
  return (
    <>
      <p class="muted">
        {empty
          ? 'It opens on an untrained page; train or cut something first if the class is to begin with that.'
          : 'It begins with the network on screen.'}{' '}
        What it hides and locks is a help, not a fence: the page says so and offers to show all.
      </p>
      <TaskForm
        task={now.task}
        onTask={(task) => {
          draft.value = { ...now, task };
        }}
      />
      <div class="class-parts">
        <Table rows={PARTS} title="Parts of the page" />
        <div>
          {CONTROLS.map(({ group, label, controls: rows }) => (
            <details key={group}>
              <summary>{label}</summary>
              <Table rows={rows} title={label} />
            </details>
          ))}
          <div class="field">
            <label for={`${id}-present`}>Open in presenter mode</label>
            <input
              type="checkbox"
              id={`${id}-present`}
              checked={now.present}
              onChange={(event) => {
                draft.value = { ...now, present: event.currentTarget.checked };
              }}
            />
          </div>
        </div>
      </div>
      <CopyText label="Link for a class" button="Copy link" value={link.value} testid="class-link">
        <button
          type="button"
          class="button"
          data-testid="try-class"
          onClick={(event) => {
            setTeaching(now);
            draft.value = null;
            event.currentTarget.closest('dialog')?.close();
          }}
        >
          Show this page so
        </button>
      </CopyText>
    </>
  );
}
