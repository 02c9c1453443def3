using System.Globalization;
using System.Security;
using System.Text;
using UdsBroker.Bench.Cells;

namespace UdsBroker.Bench.Report;

/// <summary>
/// The throughput rows as bars, a group for each row: as long as the best of the group allows, because from 16 bytes to 256 KiB there are
/// three orders of magnitude.
/// </summary>
internal static class SvgReport
{
    private const int Width = 900;
    private const int NameWidth = 250;
    private const int BarHeight = 13;
    private const int Gap = 14;

    private static readonly string[] Colors = ["#0b6e4f", "#3aa17e", "#c8553d", "#588b8b", "#f28f3b", "#b0b7bf"];

    internal static string Write(Results results)
    {
        var rows = results.Rows.Where(row => row is { MoreIsBetter: true, Unit: "messages/s" }).ToList();
        var body = new StringBuilder();
        var y = 40;
        foreach (var row in rows) y = Group(body, results, row, y);
        var legend = new StringBuilder();
        for (var i = 0; i < results.Contenders.Count; i++)
        {
            var x = 10 + (i * 140);
            legend.Append(Invariant($"<rect x='{x}' y='12' width='12' height='12' fill='{Color(i)}'/><text x='{x + 18}' y='22'>{Escape(results.Contenders[i].Name)}</text>\n"));
        }

        return Invariant($"<svg xmlns='http://www.w3.org/2000/svg' width='{Width}' height='{y}' font-family='sans-serif' font-size='12'>\n")
            + $"<rect width='100%' height='100%' fill='white'/>\n{legend}{body}</svg>\n";
    }

    private static int Group(StringBuilder body, Results results, Row row, int y)
    {
        var values = results.Contenders.Select(contender => results.Median(row, contender)).ToList();
        var best = values.Where(double.IsFinite).DefaultIfEmpty(1).Max();
        var top = y;
        for (var i = 0; i < values.Count; i++)
        {
            if (!double.IsFinite(values[i])) continue;
            var length = (int)Math.Max(1, values[i] / best * (Width - NameWidth - 80));
            body.Append(Invariant($"<rect x='{NameWidth}' y='{y}' width='{length}' height='{BarHeight - 2}' fill='{Color(i)}'/>"));
            body.Append(Invariant($"<text x='{NameWidth + length + 5}' y='{y + BarHeight - 3}'>{Figures.Of(values[i])}</text>\n"));
            y += BarHeight;
        }

        body.Append(Invariant($"<text x='{NameWidth - 8}' y='{((top + y) / 2) + 4}' text-anchor='end'>{Escape(row.Name)}</text>\n"));
        return y + Gap;
    }

    private static string Color(int contender) => Colors[contender % Colors.Length];

    private static string Escape(string text) => SecurityElement.Escape(text);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
