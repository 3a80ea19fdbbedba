import { cleanup, render, screen } from '@testing-library/svelte';
import { tick } from 'svelte';
import { afterEach, describe, expect, it } from 'vitest';
import { fakeHost } from '../../lib/host/fake';
import { App } from '../../lib/state/app.svelte';
import { clockTick } from '../../lib/state/clock.svelte';
import { SignedIn } from '../../lib/state/signed-in.svelte';
import { agent, campaign, snapshot } from '../../lib/testing';
import FloorTotals from './FloorTotals.svelte';

afterEach(cleanup);

it('says that the totals leave campaigns out', async () => {
  const signedIn = new SignedIn(new App(fakeHost()));
  const campaigns = ['Ventas<-', 'Soporte<-', 'Cobranza->'].map((name) => campaign({ name }));
  signedIn.floor.take({ kind: 'snapshot', snapshot: snapshot({ campaigns }) });
  render(FloorTotals, { signedIn });
  expect(screen.queryByTestId('totals-part')).toBeNull();
  signedIn.floor.view = { ...signedIn.floor.view, campaignSearch: 'ven' };
  await tick();
  expect(screen.getByTestId('totals-part').textContent).toContain('1 of 3 campaigns');
});

it('knows of nobody where a filter leaves no campaign: that is not none', async () => {
  const signedIn = new SignedIn(new App(fakeHost()));
  const campaigns = ['Ventas<-'].map((name) => campaign({ name, waiting: 0 }));
  const agents = [agent({ campaigns: ['Ventas<-'], state: 'available' })];
  signedIn.floor.take({ kind: 'snapshot', snapshot: snapshot({ campaigns, agents }) });
  render(FloorTotals, { signedIn });
  const figures = () =>
    [...document.querySelectorAll('[data-figure]')].map((figure) => figure.textContent.trim());
  expect(figures().slice(0, 4)).toEqual(['0', '0:00', '1', '0']);
  signedIn.floor.view = { ...signedIn.floor.view, campaignSearch: 'nothing is called this' };
  await tick();
  expect(figures()).toEqual(['–', '–', '–', '–', '–', '–']);
  const part = screen.getByTestId('totals-part');
  expect([part.textContent.trim(), part.title]).toEqual([
    '0 of 1 campaign',
    expect.stringMatching(/^No campaign fits/),
  ]);
});

describe('the totals for whoever listens', () => {
  it('are said at most once a minute, politely, and never before something is known', async () => {
    const signedIn = new SignedIn(new App(fakeHost()));
    const begins = clockTick.head;
    const at = async (secs: number, waiting: number | null) => {
      const rows = snapshot({ campaigns: [campaign({ waiting, serviceLevel: 81.4 })], agents: [agent()] });
      signedIn.floor.take({ kind: 'snapshot', snapshot: rows });
      clockTick.head = begins + 1000 * secs;
      await tick();
      return screen.getByTestId('floor-summary').textContent;
    };
    render(FloorTotals, { signedIn });
    expect(await at(0, null)).toBe('');
    const first = await at(1, 2);
    expect(first).toContain('2');
    expect(await at(2, 7)).toBe(first);
    expect(await at(59, 8)).toBe(first);
    const second = await at(62, 9);
    expect(second).toContain('9');
    expect(second).not.toBe(first);
    const said = screen.getByTestId('floor-summary');
    // A status is polite: it waits until the reader has finished.
    expect([said.getAttribute('role'), said.getAttribute('aria-live')]).toEqual(['status', null]);
  });
});
