import { describe, expect, it } from 'vitest';
import { candidates, callers, costOf } from './candidates';
import type { Rolling } from './host/host';
import { agent, campaign } from './testing';

const calls = (answered: number, abandoned = 0): Rolling[] =>
  [15, 30, 60].map((minutes) => ({
    minutes,
    coveredMinutes: minutes,
    answered: minutes === 30 ? answered : 999,
    abandoned,
    abandonRate: null,
    serviceLevel: null,
    plusMinus: null,
  }));

const inNeed = campaign({ name: 'Cobranzas<-', available: 0, waiting: 8, rolling: calls(40) });
const calm = campaign({ name: 'Retención<-', available: 13, rolling: calls(10, 3) });
const tight = campaign({ name: 'Ventas<-', available: 1, rolling: calls(20) });
const quiet = campaign({ name: 'Reservas<-', available: 2, rolling: calls(0) });
const young = campaign({ name: 'Nueva<-', available: 9, rolling: [] });
const out = campaign({ name: 'Ventas->', direction: 'outbound', available: 7, rolling: calls(50) });
const all = [inNeed, calm, tight, quiet, young, out];

const free = (location: string, campaigns: string[], stateSinceMs = 0) =>
  agent({ location, name: location, state: 'available', campaigns, stateSinceMs });
const order = (agents: ReturnType<typeof agent>[]) =>
  candidates(inNeed, all, agents).map((one) => one.agent.location);

describe('candidates', () => {
  it('are those available elsewhere, whoever leaves most behind first', () => {
    const agents = [
      free('SIP/1', ['Ventas<-']),
      free('SIP/2', ['Retención<-']),
      free('SIP/3', ['Retención<-', 'Ventas<-']),
      free('SIP/4', ['Cobranzas<-', 'Retención<-']),
      free('SIP/5', ['Reservas<-']),
      agent({ location: 'SIP/6', state: 'busy', campaigns: ['Retención<-'] }),
    ];
    // 12 for 13 callers, 1 for no caller, and nobody for twenty.
    expect(order(agents)).toEqual(['SIP/5', 'SIP/2', 'SIP/1', 'SIP/3']);
  });

  it('stand behind all others when nothing is known of what they leave, and those in wrap-up last', () => {
    const agents = [
      agent({ location: 'SIP/1', state: 'wrapUp', campaigns: ['Retención<-'] }),
      free('SIP/2', ['Nueva<-']),
      free('SIP/3', ['Ventas<-']),
    ];
    expect(order(agents)).toEqual(['SIP/3', 'SIP/2', 'SIP/1']);
  });

  it('who are alike are asked by how long they have waited', () => {
    const agents = [free('SIP/1', ['Retención<-'], 500), free('SIP/2', ['Retención<-'], 100)];
    expect(order(agents)).toEqual(['SIP/2', 'SIP/1']);
  });

  it('cost their own campaigns one person, and one more for each chosen before', () => {
    const named = new Map(all.map((one) => [one.name, one]));
    const of = (place: string) => free(place, ['Retención<-']);
    const [one, two, three] = [of('SIP/1'), of('SIP/2'), of('SIP/3')];
    const cost = (chosen: ReturnType<typeof agent>[]) =>
      costOf(one, named, chosen).map(({ now, then }) => [now, then]);
    expect(cost([])).toEqual([[13, 12]]);
    expect(cost([one, two, three])).toEqual([[13, 10]]);
    const both = costOf(free('SIP/9', ['Retención<-', 'Ventas<-', 'Ventas->']), named);
    expect(both.map(({ campaign: of }) => of.name)).toEqual(['Ventas<-', 'Retención<-']);
    expect(costOf(free('SIP/9', ['Ventas->']), named).map(({ then }) => then)).toEqual([6]);
    expect(callers(young)).toBeNull();
  });
});
