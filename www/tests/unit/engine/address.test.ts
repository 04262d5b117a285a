import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AddressBar } from '../../../src/engine/address';
import { Client } from '../../../src/engine/client';
import { emptyRecipe } from '../../../src/engine/defaults';
import { Pool } from '../../../src/engine/pool';
import { withTraining } from '../../../src/engine/recipes';
import { Session } from '../../../src/engine/session';
import * as state from '../../../src/state';
import { claim, NOTHING, teaching } from '../../../src/teachingState';
import { FakeWorker, links, until } from './fakes';

const options = { data: 'http://here/', sets: [], budgetMs: 1 };

async function opened(hash: string): Promise<Session> {
  history.replaceState(null, '', `/${hash}`);
  const session = new Session(new Pool(1, () => new Client(new FakeWorker(), options)));
  const bar = new AddressBar(session);
  const stop = bar.start();
  end = () => {
    stop();
    session.labLost();
  };
  const client = new Client(new FakeWorker(), options);
  session.desk.attach(client);
  await client.ready;
  session.labReady();
  await bar.labReady();
  return session;
}

let end = () => {};
afterEach(() => end());

const shared = () => withTraining(state.controls.peek());
const linkTo = (digest?: string) => `#${links.formatLink(shared(), { image: 0 }, digest)}`;

beforeEach(() => {
  state.history.value = { entries: [emptyRecipe()], at: 0 };
  state.network.value = null;
  state.notices.value = [];
  state.verification.value = null;
  state.shareLink.value = '';
  teaching.value = NOTHING;
  claim.value = null;
});

describe('the address bar', () => {
  it('holds no fragment on a fresh page, and the link once something is trained', async () => {
    const session = await opened('');
    await until(() => state.shareLink.value !== '');
    expect(location.hash).toBe('');
    session.propose(shared(), true);
    await until(() => location.hash !== '');
    expect(location.href).toBe(state.shareLink.value);
    const { recipe, digest } = links.parseLink(location.hash);
    expect(recipe.steps).toHaveLength(1);
    expect(digest).toBe(state.network.value?.digest);
  });

  it('opens the link that the page came with', async () => {
    await opened(linkTo('0123456789abcdef'));
    await until(() => state.verification.value?.phase === 'differs');
    expect(state.imageIndex.value).toBe(3);
  });

  it('replays a link without a digest and compares nothing', async () => {
    const session = await opened(linkTo());
    await until(() => session.settled && state.network.value !== null);
    expect(state.verification.value).toBeNull();
  });

  it('says one sentence about a damaged link and opens the default page', async () => {
    await opened('#v=1&nonsense');
    await until(() => state.shareLink.value !== '');
    expect(state.notices.value.map((notice) => notice.sentence)).toEqual(['This link is damaged.']);
    expect(location.hash).toBe('');
    expect(state.recipe.value.steps).toEqual([]);
  });

  it('opens a pasted link also where the address was just written over it', async () => {
    await opened('');
    await until(() => state.shareLink.value !== '');
    const heard = new Promise((resolve) => addEventListener('hashchange', resolve, { once: true }));
    location.hash = linkTo();
    history.replaceState(null, '', state.shareLink.value);
    await heard;
    await until(() => state.network.value !== null);
    expect(state.recipe.value.steps).toHaveLength(1);
  });

  it('takes the name of a place on the page for no link', async () => {
    document.body.innerHTML = '<h2 id="findings"></h2>';
    await opened('#findings');
    await until(() => state.shareLink.value !== '');
    expect(state.notices.value).toEqual([]);
    document.body.innerHTML = '';
  });

  it('opens a link that the visitor pastes into the address', async () => {
    const session = await opened('');
    await until(() => state.shareLink.value !== '');
    location.hash = linkTo('0123456789abcdef');
    await until(() => session.settled && state.network.value !== null);
    expect(state.verification.value?.phase).toBe('differs');
  });

  it('keeps what a link hides, without a network and with another', async () => {
    const view = { image: 0, hide: ['race'], lock: ['train'] };
    const session = await opened(`#${links.formatLink(shared(), view)}`);
    await until(() => session.settled && state.network.value !== null);
    const said = () => links.parseLink(location.hash).view;
    session.reset();
    await until(() => state.shareLink.value !== '' && state.network.value === null);
    await until(() => links.parseLink(location.hash).recipe.steps.length === 0);
    expect(said().hide).toEqual(['race']);
    // A link inside the page says nothing of it.
    location.hash = linkTo();
    await until(() => session.settled && state.network.value !== null);
    await until(() => said().lock?.[0] === 'train');
    teaching.value = NOTHING;
    await until(() => said().lock?.length === 0);
  });

  it('claims a score for its own network alone', async () => {
    const view = { image: 0, score: 77 };
    const session = await opened(`#${links.formatLink(shared(), view)}`);
    await until(() => session.settled && state.network.value !== null);
    expect(claim.value?.score).toBe(77);
    const score = () => links.parseLink(location.hash).view.score;
    await until(() => score() === 77);
    const { network } = shared();
    session.propose({ ...shared(), network: { ...network, seed: 9 } }, true);
    await until(() => score() === 0);
  });
});
