import { open } from 'lmdb'; import fs from 'node:fs'; import {performance} from 'node:perf_hooks';
const med=a=>a.sort((x,y)=>x-y)[a.length>>1];
for (const pre of [0,1,0,1]) { const o=false; fs.rmSync('/work/main/.lmt',{recursive:true,force:true}); fs.mkdirSync('/work/main/.lmt');
let db=open({path:'/work/main/.lmt/x.mdb',noSubdir:true,encoding:'string',overlappingSync:o,eventTurnBatching:false,...(pre==2?{pageSize:4096}:{})});
await db.transaction(()=>{db.put(['a'],'b')});
if(pre){ const fd=fs.openSync('/work/main/.lmt/x.mdb','r+'); const size=fs.fstatSync(fd).size; const z=Buffer.alloc(1<<20); for(let p=size;p<64<<20;p+=z.length) fs.writeSync(fd,z,0,z.length,p); fs.fsyncSync(fd); fs.closeSync(fd);}
const a=[];for(let i=0;i<800;i++){const s=performance.now();await db.transaction(()=>{db.put(['J','x',i],'y'.repeat(800));db.put(['Q','x',i],'y'.repeat(800));db.put(['X','x',i],'y'.repeat(200));});  a.push(performance.now()-s);} console.log('pre',pre,'p50',med(a).toFixed(3),'p90',a[720].toFixed(3), fs.statSync('/work/main/.lmt/x.mdb').size);
const b=[];for(let i=0;i<800;i++){const s=performance.now();db.transactionSync(()=>{db.put(['J','x',i],'y'.repeat(800));db.put(['Q','x',i],'y'.repeat(800));db.put(['X','x',i],'y'.repeat(200));});  b.push(performance.now()-s);} console.log('  sync txn pre',pre,'p50',med(b).toFixed(3),'p90',b[720].toFixed(3), fs.statSync('/work/main/.lmt/x.mdb').size);
await db.close();}
fs.rmSync('/work/main/.lmt',{recursive:true,force:true});
