import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, expect, it, vi } from 'vitest';
import { fakeHost } from '../../lib/host/fake';
import type { ReviewShare, SharePerson, ShareState } from '../../lib/host/host';
import { App } from '../../lib/state/app.svelte';
import { SignedIn } from '../../lib/state/signed-in.svelte';
import { settings } from '../../lib/testing';
import QuotaShares from './QuotaShares.svelte';

afterEach(cleanup);

const complaints: ReviewShare = { id: 'a', percent: 20, of: { kind: 'disposition', name: 'Reclamo' } };

const person = (agent: string, parts: Partial<SharePerson> = {}): SharePerson => ({
  agent,
  reviews: 5,
  wanted: 2,
  has: 0,
  unknown: 0,
  missing: 2,
  least: 2,
  ...parts,
});

const state = (people: SharePerson[]): ShareState => ({
  id: 'a',
  missing: people.reduce((sum, one) => sum + one.missing, 0),
  least: people.reduce((sum, one) => sum + one.least, 0),
  unknown: people.reduce((sum, one) => sum + one.unknown, 0),
  people,
});

function shown(people: SharePerson[]) {
  const host = fakeHost({
    asks: {
      review_shares: () => [state(people)],
      disposition_names: () => ['Consulta', 'Reclamo'],
      settings_change: ({ parts }) => settings(parts),
    },
  });
  const signedIn = new SignedIn(new App(host));
  signedIn.settings.value = settings({ monthlyReviews: 8, reviewShares: [complaints] });
  const onsample = vi.fn();
  render(QuotaShares, {
    signedIn,
    reports: signedIn.panels.reports(),
    people: people.map((one) => one.agent),
    from: '2026-11-01',
    to: '2026-11-29',
    onsample,
  });
  return { host, signedIn, onsample };
}

it('says what is missing at least and at most, and draws just that', async () => {
  const { host, onsample } = shown([
    person('Ana', { has: 1, unknown: 3, missing: 1, least: 0 }),
    person('Bruno'),
    person('Carla', { has: 2, missing: 0, least: 0 }),
  ]);
  await vi.waitFor(() => expect(screen.getByTestId('share').dataset.missing).toBe('3'));
  expect(screen.getByTestId('share').dataset.least).toBe('2');
  expect(host.asked('review_shares').at(-1)?.request).toMatchObject({
    people: ['Ana', 'Bruno', 'Carla'],
    quota: 8,
    shares: [complaints],
  });
  const lacking = screen.getAllByTestId('share-person').map((one) => one.textContent?.trim());
  expect(lacking[0]).toMatch(/^Ana1 \/ 2.*0.*1/);
  expect(lacking[1]).toBe('Bruno0 / 2');
  await fireEvent.click(screen.getByTestId('share-draw'));
  expect(onsample).toHaveBeenCalledWith({
    name: 'Reclamo',
    people: ['Ana', 'Bruno'],
    each: { Ana: 1, Bruno: 2 },
    disposition: 'Reclamo',
  });
});

it('agrees on another share, once, and takes one away and back', async () => {
  const { signedIn } = shown([person('Ana')]);
  const add = screen.getByTestId('share-add');
  const named = screen.getByTestId('share-name');
  expect(add.getAttribute('aria-disabled')).toBe('true');
  await fireEvent.input(named, { target: { value: 'Reclamo' } });
  expect(add.getAttribute('aria-disabled'), 'it is in the list').toBe('true');
  await fireEvent.input(named, { target: { value: ' Baja ' } });
  await fireEvent.input(screen.getByTestId('share-percent'), { target: { value: '10' } });
  await fireEvent.click(add);
  const of = () => signedIn.settings.value?.reviewShares.map(({ percent, of }) => ({ percent, of }));
  const complaint = { percent: 20, of: complaints.of };
  const leaving = { percent: 10, of: { kind: 'disposition', name: 'Baja' } };
  await vi.waitFor(() => expect(of()).toEqual([complaint, leaving]));
  await fireEvent.click(screen.getAllByTestId('share-remove')[0] as HTMLElement);
  await vi.waitFor(() => expect(of()).toEqual([leaving]));
  await fireEvent.click(screen.getByTestId('undo'));
  await vi.waitFor(() => expect(of()).toEqual([leaving, complaint]));
});
