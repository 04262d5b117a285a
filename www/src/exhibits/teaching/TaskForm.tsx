/** The controls of a task. */
import { useComputed } from '@preact/signals';
import { useId } from 'preact/hooks';
import type { TaskSettings } from '../../engine/types';
import table from '../../generated/properties.json';
import { controls } from '../../state';
import { taskOf } from '../../teaching/task';
import { goalWords, measuredWords } from '../../teaching/taskWords';
import { NumberInput, Row, Select } from '../parts/Field';
import type { Property } from '../parts/properties';

const PROPERTIES = table.groups.task as unknown as Property[];

const LIMITS = ['clean', 'adaptive', 'certified', 'weights', 'units', 'pixels'] as const;

function about(key: keyof TaskSettings): Property {
  const found = PROPERTIES.find((property) => property.key === key);
  if (!found) throw new Error(`The property table has no task.${key}.`);
  return found;
}

export function TaskForm({
  task,
  onTask,
}: {
  task: TaskSettings | null;
  onTask: (task: TaskSettings | null) => void;
}) {
  const id = useId();
  const fresh = useComputed(() => taskOf(controls.value)).value;
  // Of certificates there are none but for L∞.
  const linf = fresh.norm === 'linf';
  const goal = about('maximise');
  const options = (goal.options ?? []).filter(({ value }) => linf || value !== 'certified');
  const limits = LIMITS.filter((key) => linf || key !== 'certified');
  const now = task ? { ...fresh, ...goalsOf(task) } : null;
  return (
    <fieldset class="task-form">
      <legend class="heard">Task</legend>
      <div class="field">
        <label for={`${id}-task`}>Set a task</label>
        <input
          type="checkbox"
          id={`${id}-task`}
          data-testid="set-task"
          checked={task !== null}
          onChange={(event) => onTask(event.currentTarget.checked ? fresh : null)}
        />
      </div>
      {now && (
        <>
          <Row label={goal.label} id={`${id}-goal`} help={goal.help}>
            <Select
              id={`${id}-goal`}
              value={now.maximise}
              options={options}
              onValue={(value) => onTask({ ...now, maximise: value as TaskSettings['maximise'] })}
            />
          </Row>
          <div class="task-limits">
            {limits
              .filter((key) => key !== now.maximise)
              .map((key) => (
                <Row
                  key={key}
                  label={about(key).label}
                  id={`${id}-${key}`}
                  help={about(key).help}
                  className="with-unit"
                >
                  <span>
                    <NumberInput
                      id={`${id}-${key}`}
                      value={now[key]}
                      about={about(key)}
                      onValue={(value) => onTask({ ...now, [key]: value })}
                    />
                    <span class="unit"> %</span>
                  </span>
                </Row>
              ))}
          </div>
          <p class="small muted">
            {goalWords(now)} {measuredWords(now)} These are the attack and the figures’ size and
            images as they are set in the lab now.
          </p>
        </>
      )}
    </fieldset>
  );
}

/** What of a task is chosen here; how it is measured follows the lab. */
function goalsOf(task: TaskSettings) {
  const { maximise, clean, adaptive, certified, weights, units, pixels } = task;
  return { maximise, clean, adaptive, certified, weights, units, pixels };
}
