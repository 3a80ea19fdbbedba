import '@fontsource-variable/inter';
import './styles/tokens.css';
import './styles/base.css';
import { mount } from 'svelte';
import AppView from './App.svelte';
import type { Host } from './lib/host/host';
import { tauri } from './lib/host/tauri';
import { App } from './lib/state/app.svelte';
import { WallWindow } from './lib/state/wall-window.svelte';
import Wall from './views/Wall.svelte';

/** In a browser there is no program behind the window: a made-up one, which no build contains. */
async function door(): Promise<Host> {
  const bare = import.meta.env.DEV && !('__TAURI_INTERNALS__' in window);
  return bare ? (await import('./lib/host/mock')).mock : tauri;
}

void door().then((host) => {
  const target = document.getElementById('app');
  if (!target) return;
  const wall = new URLSearchParams(location.search).get('wall');
  if (wall !== null) mount(Wall, { target, props: { shown: new WallWindow(host, wall) } });
  else mount(AppView, { target, props: { app: new App(host) } });
});
