# Redraws the figure from the table beside it, run by gnuplot where it lies.
reset session
set encoding utf8
unset macros
set datafile separator comma
set datafile columnheaders
unset key
table = './'.'heat_map'.'.csv'
do for [type in 'svg png'] {
if (type eq 'svg') {
set terminal svg noenhanced size 500,420 font 'sans-serif,14' background rgb 'white'
} else {
set terminal pngcairo noenhanced size 1000,840 font 'sans-serif,14' fontscale 1.5 linewidth 2 pointscale 2 background rgb 'white'
}
set output './'.'heat_map'.'.'.type
set multiplot
set label 'Layer by layer' at screen 0.5000,0.9512 center font ',16'
set label 'Mean SVCCA (99 % of the variance) of the same layer in two networks;' at screen 0.0200,0.1190 left font ',12'
set label 'bars: 95 % interval over 5 draws of 512 channels and 20,000 positions of' at screen 0.0200,0.0810 left font ',12'
set label '1,000 images. Dotted: two random networks.' at screen 0.0200,0.0429 left font ',12'
set lmargin at screen 0.1748
set rmargin at screen 0.8079
set tmargin at screen 0.8524
set bmargin at screen 0.2810
set xlabel 'cbr_tiny at step 1200'
set ylabel 'cbr_tiny, initial'
set border 0
set tics nomirror scale 0
unset grid
set xtics norotate ('conv1' 0, 'conv2' 1, 'conv3' 2, 'conv4' 3)
set xrange [-0.5:3.5]
set ytics norotate ('conv1' 0, 'conv2' 1, 'conv3' 2, 'conv4' 3)
set yrange [3.5:-0.5]
set palette defined (0 '#440154', 1 '#482878', 2 '#3e4989', 3 '#31688e', 4 '#26828e', 5 '#1f9e89', 6 '#35b779', 7 '#6ece58', 8 '#b5de2b', 9 '#fde725')
set colorbox vertical user origin 0.8279,0.2810 size 0.0240,0.5714
set cbrange [0:1]
set cbtics ('0.0' 0, '0.2' 0.2, '0.4' 0.4, '0.6' 0.6, '0.8' 0.8, '1.0' 1)
set cblabel 'SVCCA'
set object rectangle from screen 0.0240,0.8798 to screen 0.0920,0.9083 fs solid noborder fc rgb '#c8c8c8'
set label 'no value' at screen 0.1040,0.8940 left
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
