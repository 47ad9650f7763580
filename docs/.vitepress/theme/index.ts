import type { Theme } from 'vitepress';
import DefaultTheme from 'vitepress/theme';
import { h } from 'vue';
import NotFound from './not-found.js';
import SiteElement from './site-element.js';
import './style.css';

export default {
  extends: DefaultTheme,
  Layout: () =>
    h(DefaultTheme.Layout, null, { 'layout-bottom': () => h(SiteElement), 'not-found': () => h(NotFound) }),
} satisfies Theme;
