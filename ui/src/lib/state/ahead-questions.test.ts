import { expect, it } from 'vitest';
import { fakeHost, later } from '../host/fake';
import type { AheadChange, AheadWhatIf } from '../host/host';
import { agent, campaign, campaignAhead, snapshot } from '../testing';
import { AddPeople } from './add-people.svelte';
import { WhatIf } from './ahead-questions.svelte';
import { FloorState } from './floor.svelte';

const more = (people: number): AheadChange[] => [{ kind: 'more', campaign: 'Soporte<-', people }];
const answer = (atMs: number): AheadWhatIf => ({ atMs, campaigns: [], leftOut: 0 });

it('asks one question at a time, and of those that come meanwhile only the last', async () => {
  const { ask, answer: answers } = later<AheadWhatIf>();
  const host = fakeHost({ asks: { ahead_what_if: ask } });
  const whatIf = new WhatIf(host);
  const asked = [1, 2, 3].map((people) => whatIf.look(more(people)));
  expect([host.asked('ahead_what_if').length, whatIf.busy]).toEqual([1, true]);
  answers[0]?.(answer(1));
  await expect.poll(() => answers.length).toBe(2);
  expect([host.asked('ahead_what_if').at(-1), whatIf.answer]).toEqual([{ changes: more(3) }, null]);
  answers[1]?.(answer(3));
  await Promise.all(asked);
  expect([whatIf.answer?.atMs, whatIf.busy]).toEqual([3, false]);
  await whatIf.look([]);
  expect([whatIf.answer, host.log.length]).toEqual([null, 2]);
});

it('is asked of those chosen to be added, suggested ones first, and not of somebody on pause', async () => {
  const host = fakeHost({
    asks: {
      ahead_what_if: () => answer(1),
      operation_check: () => Promise.reject({ code: 'offline', params: {}, retryable: true }),
    },
  });
  const floor = new FloorState(host, undefined, undefined, undefined, (name) => campaignAhead({}, name));
  const agents = ['SIP/1', 'SIP/2'].map((location) => agent({ location, campaigns: ['Ventas<-'] }));
  const campaigns = ['Soporte<-', 'Ventas<-'].map((name) => campaign({ name }));
  floor.take({ kind: 'snapshot', snapshot: snapshot({ campaigns, agents }) });
  await expect.poll(() => floor.agents.length).toBe(2);
  floor.add('Soporte<-', ['SIP/2']);
  const adding = new AddPeople(host, floor, 'Soporte<-');
  await adding.propose();
  const join = { kind: 'join', location: 'SIP/2', campaign: 'Soporte<-', penalty: 0 };
  expect(host.asked('ahead_what_if')).toEqual([{ changes: [join] }]);
  adding.paused = true;
  await adding.propose();
  expect([host.asked('ahead_what_if').length, adding.effect.answer]).toEqual([1, null]);
  expect(new AddPeople(host, floor, 'Soporte<-').chosen).toEqual([]);
});
