import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { tick } from 'svelte';
import { afterEach, expect, it, vi } from 'vitest';
import { fakeHost } from '../../lib/host/fake';
import { App } from '../../lib/state/app.svelte';
import { SignedIn } from '../../lib/state/signed-in.svelte';
import { teamState, teamTold, updateState } from '../../lib/testing';
import Health from './Health.svelte';

afterEach(cleanup);

it('says what the desk does in its team, all of it to a screen reader, and leads to the settings', async () => {
  const signedIn = new SignedIn(new App(fakeHost()));
  const onteam = vi.fn();
  render(Health, { signedIn, onteam, onupdate: vi.fn() });
  expect(screen.queryByTestId('team-short')).toBeNull();
  signedIn.team.now = teamTold();
  await tick();
  const team = () => screen.getByTestId('team-short');
  const told = () => document.getElementById(team().getAttribute('aria-describedby') ?? '')?.textContent;
  expect(team().getAttribute('aria-label')).toBe('ana asks');
  expect(told()).toMatch(/another desk reads[\s\S]*ana at puesto-1[\s\S]*2[\s\S]*12 ms/);
  const asker = { person: 'rui', machine: 'puesto-2', sinceMs: 0, me: true };
  for (const [desks, words] of [
    [3, 'Asks for 3 desks'],
    [1, 'This desk asks'],
  ] as const) {
    signedIn.team.now = teamTold({ state: teamState({ part: 'asks', desks, asker, lagMs: null }) });
    await tick();
    expect(team().textContent).toBe(words);
  }
  expect(told()).not.toContain('ms');
  signedIn.team.now = teamTold({ state: teamState({ part: 'apart', awaySinceMs: 1 }) });
  await tick();
  expect([team().className.includes('alone'), told()]).toEqual([true, expect.stringContaining('Asked: ana')]);
  await fireEvent.click(team());
  expect(onteam).toHaveBeenCalledOnce();
  signedIn.team.now = teamTold({ state: null });
  await tick();
  expect(screen.queryByTestId('team-short')).toBeNull();
});

it('tells of a newer version until it is installed, and leads to it', async () => {
  const signedIn = new SignedIn(new App(fakeHost()));
  const onupdate = vi.fn();
  render(Health, { signedIn, onteam: vi.fn(), onupdate });
  const notes = { es: '', en: '', 'pt-BR': '' };
  const found = { kind: 'newer' as const, version: '0.2.0', bytes: 9, notes };
  for (const [now, told] of [
    [updateState(), false],
    [updateState({ found: { kind: 'newest' } }), false],
    [updateState({ found: { kind: 'later', version: '0.2.0', why: { kind: 'noPackage' } } }), false],
    [updateState({ found }), true],
    [updateState({ found, phase: { kind: 'installed', version: '0.2.0' } }), false],
    [updateState({ found, phase: { kind: 'ready', version: '0.2.0' } }), true],
  ] as const) {
    signedIn.updates.now = now;
    await tick();
    expect(screen.queryByTestId('update-short') !== null).toBe(told);
  }
  await fireEvent.click(screen.getByTestId('update-short'));
  expect(onupdate).toHaveBeenCalledOnce();
});
