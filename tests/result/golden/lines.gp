# Redraws the figure from the table beside it, run by gnuplot where it lies.
reset session
set encoding utf8
unset macros
set datafile separator comma
set datafile columnheaders
unset key
table = './'.'lines'.'.csv'
do for [type in 'svg png'] {
if (type eq 'svg') {
set terminal svg noenhanced size 500,429 font 'sans-serif,14' background rgb 'white'
} else {
set terminal pngcairo noenhanced size 1000,858 font 'sans-serif,14' fontscale 1.5 linewidth 2 pointscale 2 background rgb 'white'
}
set output './'.'lines'.'.'.type
set multiplot
set label 'Similarity before and after training' at screen 0.5000,0.9522 center font ',16'
set label 'Mean SVCCA (99 % of the variance) of the same layer in two networks;' at screen 0.0200,0.1166 left font ',12'
set label 'bars: 95 % interval over 5 draws of 512 channels and 20,000 positions of' at screen 0.0200,0.0793 left font ',12'
set label '1,000 images. Dotted: two random networks.' at screen 0.0200,0.0420 left font ',12'
set lmargin at screen 0.1401
set rmargin at screen 0.9480
set tmargin at screen 0.8112
set bmargin at screen 0.2751
set xlabel 'layer'
set ylabel 'SVCCA'
set border 3
set tics nomirror out scale 0.5
set grid ytics lt 1 lw 0.5 lc rgb '#d9d9d9'
unset logscale x
set xtics norotate ('conv1' 0, 'conv2' 1, 'conv3' 2, 'conv4' 3)
set xrange [-0.5:3.5]
set yrange [0.382:1.018]
set ytics norotate ('0.4' 0.4, '0.6' 0.6, '0.8' 0.8, '1.0' 1)
set arrow from screen 0.0240,0.8963 to screen 0.0920,0.8963 nohead front lc rgb '#0072B2' lw 1.8 dt solid
set label '' at screen 0.0580,0.8963 front point lc rgb '#0072B2' pt 7 ps 0.60
set label 'random init' at screen 0.1040,0.8963 left
set arrow from screen 0.4538,0.8963 to screen 0.5218,0.8963 nohead front lc rgb '#D55E00' lw 1.8 dt (10,5)
set label '' at screen 0.4878,0.8963 front point lc rgb '#D55E00' pt 5 ps 0.60
set label 'pretrained' at screen 0.5338,0.8963 left
set arrow from screen 0.0240,0.8520 to screen 0.0920,0.8520 nohead front lc rgb '#555555' lw 1.4 dt (4,4)
set label 'two random networks' at screen 0.1040,0.8520 left
plot table every ::0::3 using ($4-0.080):5 with lines lc rgb '#0072B2' lw 1.8 dt solid notitle, \
     table every ::0::3 using ($4-0.080):5:6:7 with yerrorbars lc rgb '#0072B2' lw 1.2 pt 0 ps 0 notitle, \
     table every ::0::3 using ($4-0.080):5 with points lc rgb '#0072B2' pt 7 ps 0.60 notitle, \
     table every ::4::7 using 4:5 with lines lc rgb '#D55E00' lw 1.8 dt (10,5) notitle, \
     table every ::4::7 using 4:5:6:7 with yerrorbars lc rgb '#D55E00' lw 1.2 pt 0 ps 0 notitle, \
     table every ::4::7 using 4:5 with points lc rgb '#D55E00' pt 5 ps 0.60 notitle, \
     table every ::8::11 using 4:5 with lines lc rgb '#555555' lw 1.4 dt (4,4) notitle
unset label
unset arrow
unset object
unset multiplot
unset output
}
