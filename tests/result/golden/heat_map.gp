# Redraws the figure from the table beside it, run by gnuplot where it lies.
reset session
set encoding utf8
unset macros
set datafile separator comma
set datafile columnheaders
unset key
quote = sprintf('%c',39)
table = './'.'heat_map'.'.csv'
do for [type in 'svg png pdf'] {
if (type eq 'svg') {
set terminal svg noenhanced size 500,366 font 'sans-serif,14' background rgb 'white'
}
if (type eq 'png') {
set terminal pngcairo noenhanced size 1000,732 font 'sans-serif,14' fontscale 1.5 linewidth 2 pointscale 2 background rgb 'white'
}
if (type eq 'pdf') {
set terminal pdfcairo noenhanced size 3.477in,2.547in font 'sans-serif,14' fontscale 0.375 linewidth 1 pointscale 0.8 background rgb 'white'
}
set xtics offset 0,(type eq 'svg' ? 0.4 : 0)
set output './'.'heat_map'.'.'.type
set multiplot
set label 'Layer by layer' at screen 0.5000,0.9440 center font ',16'
set lmargin at screen 0.1748
set rmargin at screen 0.8079
set tmargin at screen 0.8306
set bmargin at screen 0.1749
set label 'cbr_tiny at step 1200' at screen 0.4914,0.0710 center font ',14'
set label 'cbr_tiny, initial' at screen 0.0380,0.5027 center rotate by 90 font ',14'
set label 'SVCCA' at screen 0.9560,0.5027 center rotate by 90 font ',14'
set border 0
set tics nomirror scale 0
unset grid
set xtics norotate ('conv1' 0, 'conv2' 1, 'conv3' 2, 'conv4' 3)
set xrange [-0.5:3.5]
set ytics norotate ('conv1' 0, 'conv2' 1, 'conv3' 2, 'conv4' 3)
set yrange [3.5:-0.5]
set palette defined (0 '#440154', 1 '#482878', 2 '#3e4989', 3 '#31688e', 4 '#26828e', 5 '#1f9e89', 6 '#35b779', 7 '#6ece58', 8 '#b5de2b', 9 '#fde725')
set colorbox vertical user origin 0.8279,0.1749 size 0.0240,0.6557
set cbrange [0:1]
set cbtics ('0.0' 0, '0.2' 0.2, '0.4' 0.4, '0.6' 0.6, '0.8' 0.8, '1.0' 1)
set object rectangle from screen 0.0240,0.8620 to screen 0.0920,0.8948 fs solid noborder fc rgb '#c8c8c8'
set label 'no value' at screen 0.1040,0.8784 left
plot table every ::0::15 using 2:(strcol(4) ne 'NaN' ? $3 : NaN):($2-0.51):($2+0.51):($3-0.51):($3+0.51):4 with boxxyerror fs solid noborder fc palette notitle, \
     table every ::0::15 using 2:(strcol(4) eq 'NaN' ? $3 : NaN):($2-0.51):($2+0.51):($3-0.51):($3+0.51) with boxxyerror fs solid noborder fc rgb '#c8c8c8' notitle, \
     table every ::0::15 using 2:3:(strcol(4) ne 'NaN' && $4 < 0.6 ? gprintf('%.2f', $4) : '') with labels font ',12' tc rgb 'white' notitle, \
     table every ::0::15 using 2:3:(strcol(4) ne 'NaN' && $4 >= 0.6 ? gprintf('%.2f', $4) : '') with labels font ',12' tc rgb 'black' notitle
unset label
unset arrow
unset object
unset multiplot
unset output
}
