using System.Globalization;

namespace UdsBroker.Bench.Report;

/// <summary>Numbers with three significant digits.</summary>
internal static class Figures
{
    internal static string Of(double value) => value switch
    {
        double.NaN => "",
        >= 1e6 => Digits(value / 1e6) + " M",
        >= 1e4 => Digits(value / 1e3) + " k",
        _ => Digits(value),
    };

    internal static string Ratio(double ratio) => double.IsFinite(ratio) ? Digits(ratio) + " x" : "";

    private static string Digits(double value) => value.ToString(value switch { >= 100 => "N0", >= 10 => "N1", _ => "N2" }, CultureInfo.InvariantCulture);
}
