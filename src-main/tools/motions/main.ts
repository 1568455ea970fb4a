import { writeMotions } from '#tools/motions/writeMotions';

// `npm run assets:motions`: composes the preset motions and writes them to assets/motions.
const sizes = await writeMotions(process.argv[2] ?? 'assets/motions');
for (const [name, bytes] of sizes) console.log(`${name}: ${bytes} bytes`);
