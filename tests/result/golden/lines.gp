# Redraws the figure from the table beside it, run by gnuplot where it lies.
reset session
set encoding utf8
unset macros
set datafile separator comma
set datafile columnheaders
unset key
quote = sprintf('%c',39)
table = './'.'lines'.'.csv'
do for [type in 'svg png pdf'] {
if (type eq 'svg') {
set terminal svg noenhanced size 500,337 font 'sans-serif,14' background rgb 'white'
}
if (type eq 'png') {
set terminal pngcairo noenhanced size 1000,674 font 'sans-serif,14' fontscale 1.5 linewidth 2 pointscale 2 background rgb 'white'
}
if (type eq 'pdf') {
set terminal pdfcairo noenhanced size 3.477in,2.345in font 'sans-serif,14' fontscale 0.375 linewidth 1 pointscale 0.8 background rgb 'white'
}
set xtics offset 0,(type eq 'svg' ? 0.4 : 0)
set output './'.'lines'.'.'.type
set multiplot
set label 'Similarity before and after training' at screen 0.5000,0.9392 center font ',16'
set lmargin at screen 0.1401
set rmargin at screen 0.6685
set tmargin at screen 0.8724
set bmargin at screen 0.1899
set label 'layer' at screen 0.4043,0.0772 center font ',14'
set label 'SVCCA' at screen 0.0380,0.5312 center rotate by 90 font ',14'
set border 3
set tics nomirror out scale 0.5
set grid ytics lt 1 lw 0.5 lc rgb '#d9d9d9'
unset logscale x
set xtics norotate ('conv1' 0, 'conv2' 1, 'conv3' 2, 'conv4' 3)
set xrange [-0.5:3.5]
set yrange [0.3835:0.9665]
set ytics norotate ('0.4' 0.4, '0.6' 0.6, '0.8' 0.8)
cut(v) = v < 0.3835 ? 0.3835 : v > 0.9665 ? 0.9665 : v
set label 'random init' at screen 0.6425,0.4434 left front tc rgb '#0072B2'
set label 'pretrained' at screen 0.6425,0.3848 left front tc rgb '#A84A00'
set label 'two random networks' at screen 0.6425,0.2092 left front tc rgb '#555555'
plot table every ::0::3 using ($4-0.080):5 with lines lc rgb '#0072B2' lw 1.8 dt solid notitle, \
     table every ::0::3 using ($4-0.080):(strcol(6) ne 'NaN' && strcol(7) ne 'NaN' ? $6 : NaN):(0):($7-$6) with vectors heads size screen 0.008,90 lc rgb '#0072B2' lw 1.2 notitle, \
     table every ::0::3 using ($4-0.080):5 with points lc rgb '#0072B2' pt 7 ps 0.60 notitle, \
     table every ::4::7 using 4:5 with lines lc rgb '#D55E00' lw 1.8 dt (10,5) notitle, \
     table every ::4::7 using 4:(strcol(6) ne 'NaN' && strcol(7) ne 'NaN' ? $6 : NaN):(0):($7-$6) with vectors heads size screen 0.008,90 lc rgb '#D55E00' lw 1.2 notitle, \
     table every ::4::7 using 4:5 with points lc rgb '#D55E00' pt 5 ps 0.60 notitle, \
     table every ::8::11 using 4:5 with lines lc rgb '#555555' lw 1.4 dt (4,4) notitle
unset label
unset arrow
unset object
unset multiplot
unset output
}
