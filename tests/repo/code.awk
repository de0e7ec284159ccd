# SPDX-License-Identifier: MIT
#
# code(line): a line of C without what is in its comments and strings. Of the lines of a file in their order;
# in_comment is to be 0 at the start of each.

function code(line,    out, i)
{
    gsub(/'\\?"'/, "' '", line)
    gsub(/"([^"\\]|\\.)*"/, "\"\"", line)
    for (out = ""; line != "";) {
        if (in_comment) {
            if (!(i = index(line, "*/")))
                break
            in_comment = 0
            line = substr(line, i + 2)
        } else if ((i = index(line, "/*"))) {
            out = out substr(line, 1, i - 1)
            in_comment = 1
            line = substr(line, i + 2)
        } else {
            out = out line
            break
        }
    }
    return out
}
