/** The distortion laboratory: is it the same units every time, and why? */
import { useComputed, useSignal } from '@preact/signals';
import { count } from '../../plots/measured';
import { laboratory } from '../../state';
import { useStages } from '../parts/hooks';
import { similarityWords } from '../parts/laboratoryWords';
import { Switch } from '../parts/Switch';
import { Agreements } from './Agreements';
import { MereUse } from './MereUse';
import { Overlaps } from './Overlaps';
import { Shows } from './Shows';
import { Status } from './Status';
import { Units } from './Units';

export default function Similarity() {
  const found = useComputed(() => laboratory.similarity.value.found).value;
  const chosen = useSignal('0');
  const at = Math.min(Number(chosen.value), (found?.layers.length ?? 1) - 1);
  const layer = found?.layers[at];
  const asked = found?.conditions[0];
  const stage = useStages(4, found);
  return (
    <>
      <div class="study-head">
        {found && found.layers.length > 1 && (
          <Switch
            legend="Layer shown"
            name="study-layer"
            options={found.layers.map((_, index) => ({
              value: `${index}`,
              label: `layer ${index + 1}`,
            }))}
            value={`${at}`}
            onValue={(value) => {
              chosen.value = value;
            }}
          />
        )}
        <Status name="similarity" what="what six attacks and noise move">
          {asked && (
            <>
              {asked.name} on the first {count(asked.images)} training images; every other condition
              on the same ones
            </>
          )}
        </Status>
      </div>
      {found && layer && layer.kept.length === 0 && <p>No unit of this layer is left.</p>}
      {found && layer && layer.kept.length > 0 && (
        <>
          <Shows sentences={similarityWords(layer)} />
          <div class="columns">
            <div>
              <h4>Every unit, and {found.shown.length} images one by one</h4>
              <Units found={found} layer={layer} number={at + 1} />
              <h4>Every condition with every other one</h4>
              {stage > 3 && <Overlaps found={found} layer={layer} number={at + 1} />}
            </div>
            <div>
              <h4>Do the conditions agree on the most distorted tenth?</h4>
              {stage > 1 && <Agreements layer={layer} number={at + 1} />}
              <h4>Or does distortion only measure use?</h4>
              {stage > 2 && <MereUse found={found} layer={layer} number={at + 1} />}
            </div>
          </div>
        </>
      )}
    </>
  );
}
