namespace UdsBroker.Broker.Settings;

/// <summary>
/// A setting is wrong. The message is one line that names the key, the value and what is allowed; the process exits
/// with 2.
/// </summary>
public sealed class SettingsException : Exception
{
    /// <summary>Creates the failure.</summary>
    /// <param name="message">One line for the operator.</param>
    public SettingsException(string message)
        : base(message)
    {
    }

    /// <summary>The failure of one value.</summary>
    /// <param name="key">The full key.</param>
    /// <param name="value">What it was set to.</param>
    /// <param name="allowed">What it may be, to follow "expected".</param>
    internal static SettingsException Wrong(string key, string value, string allowed) =>
        new($"{key} = {OneLine(value)}: expected {allowed}");

    private static string OneLine(string value) =>
        value.Length == 0 ? "\"\"" : value.ReplaceLineEndings("\\n");
}
