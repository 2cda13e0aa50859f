// Vite: one entry, one lazy chunk with the charts, and names without hashes: src/server/CMakeLists.txt lists them.
import {defineConfig} from 'vite';

export default defineConfig({
  esbuild: {jsx: 'automatic', jsxImportSource: 'preact', legalComments: 'none'},
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    modulePreload: false,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 900,
    rollupOptions: {
      input: {app: 'index.html'},
      output: {
        entryFileNames: 'assets/[name].js',
        chunkFileNames: 'assets/[name].js',
        assetFileNames: (asset) =>
          asset.name?.endsWith('.woff2') ? 'assets/inter.woff2' : asset.name?.endsWith('.css') ? 'assets/app.css' : 'assets/[name][extname]',
        manualChunks: (id) => (/\/src\/charts\/|\/echarts\/|\/zrender\/|\/tslib\//.test(id) ? 'charts' : undefined),
      },
    },
  },
});
