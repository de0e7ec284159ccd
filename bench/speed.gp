# SPDX-License-Identifier: MIT
# gnuplot -e "data='networks.dat'; picture='networks.png'" speed.gp
# Ratios to the first PyTorch where there is one, else images a second.
set terminal pngcairo size 1000,480 font "sans,11"
set output picture
set datafile separator "\t"
stats data using 2 nooutput
columns = STATS_columns
set style data histogram
set style histogram clustered gap 1
set style fill solid 0.85 border -1
set grid ytics
set yrange [0:*]
set key outside top center horizontal
set xtics noenhanced
if (columns > 3) {
    set ylabel "transfuse / PyTorch"
    plot data using 2:xtic(1) title "training speed" linecolor rgb "#0072b2", \
         data using 3 title "inference speed" linecolor rgb "#e69f00", \
         data using 4 title "peak memory" linecolor rgb "#999999", \
         1 notitle with lines linecolor rgb "#000000" dashtype 2
} else {
    set ylabel "images/s"
    plot data using 2:xtic(1) title "training" linecolor rgb "#0072b2", \
         data using 3 title "inference" linecolor rgb "#e69f00"
}
