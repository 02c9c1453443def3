using Akka.Configuration;

namespace UdsBroker.Broker.Settings;

/// <summary>
/// The layers that settings are made of: the reference file inside the program, the operator's file over it, the command line over both.
/// </summary>
public static class SettingsLayers
{
    /// <summary>The root of the broker's own settings.</summary>
    public const string Root = "udsbroker";

    private const string ReferenceName = "udsbroker.reference.conf";

    /// <summary>All defaults.</summary>
    public static Config Reference { get; } = ReadReference();

    /// <summary>Lays the operator's file and the command line over the defaults.</summary>
    /// <param name="file">The operator's file, or null.</param>
    /// <param name="socket">The path of the listener "main", or null.</param>
    /// <param name="assignments">Any <c>key=value</c>, later ones winning.</param>
    /// <exception cref="SettingsException">The file cannot be read, or an assignment is none.</exception>
    public static Config Load(string? file, string? socket, IReadOnlyList<string> assignments)
    {
        ArgumentNullException.ThrowIfNull(assignments);
        var config = file is null ? Reference : Parse(ReadFile(file), $"--config {file}").WithFallback(Reference);
        if (socket is not null)
            config = Assign($"{Root}.listeners.main.path", socket, "--socket").WithFallback(config);
        foreach (var assignment in assignments)
        {
            var equals = assignment.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1)
                throw new SettingsException($"--set {assignment}: expected key=value, such as {Root}.log.level=debug");
            config = Assign(assignment[..equals].Trim(), assignment[(equals + 1)..].Trim(), "--set").WithFallback(config);
        }

        return config;
    }

    private static Config Assign(string key, string value, string origin)
    {
        if (key.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('.' or '-' or '_')))
            throw new SettingsException($"{origin} {key}: a key is made of letters, digits, '-', '_' and dots");
        return Parse($"{key} = {(IsHocon(value) ? value : Quote(value))}", origin);
    }

    // A list, a block or quoted text is meant as such; all else is one value, whatever characters it has.
    private static bool IsHocon(string value) => value.Length > 0 && value[0] is '[' or '{' or '"';

    private static string Quote(string value) =>
        $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static string ReadFile(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new SettingsException($"--config {file}: {e.Message}");
        }
    }

    private static Config Parse(string text, string origin)
    {
        if (HoconShape.FindProblem(text) is { } problem)
            throw new SettingsException($"{origin}: {problem}");
        Config config;
        try
        {
            config = ConfigurationFactory.ParseString(text);
        }
        catch (Exception e)
        {
            // The parser throws plain exceptions of several kinds; all of them mean that the text is not HOCON.
            throw new SettingsException($"{origin}: not HOCON: {e.Message.ReplaceLineEndings(" ")}");
        }

        if (HoconLoops.Find(config) is { } path)
            throw new SettingsException($"{origin}: ${{{path}}} leads to itself");
        foreach (var (name, _) in config.IsEmpty ? [] : config.AsEnumerable())
        {
            if (name is not (Root or "akka"))
                throw new SettingsException($"{origin}: {name}: unknown setting; all settings are below {Root} or akka");
        }

        return config;
    }

    private static Config ReadReference()
    {
        using var stream = typeof(SettingsLayers).Assembly.GetManifestResourceStream(ReferenceName)
            ?? throw new InvalidOperationException($"The program lacks its resource {ReferenceName}.");
        using var reader = new StreamReader(stream);
        return ConfigurationFactory.ParseString(reader.ReadToEnd());
    }
}
