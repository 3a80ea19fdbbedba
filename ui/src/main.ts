import '@fontsource-variable/inter';
import './styles/tokens.css';
import './styles/base.css';
import { mount } from 'svelte';
import AppView from './App.svelte';
import { tauri } from './lib/host/tauri';
import { App } from './lib/state/app.svelte';

const target = document.getElementById('app');
if (target) mount(AppView, { target, props: { app: new App(tauri) } });
