using System.CommandLine;
using System.Globalization;

namespace UdsBroker.Cli.Options;

/// <summary>
/// <c>--server-user NAME|UID</c>, or <c>$UDSBROKER_SERVER_USER</c>: the user that the broker must run as, for a broker with an account of its own. A name is looked
/// up in passwd(5); a user of another database is given by number.
/// </summary>
internal static class ServerUserOption
{
    internal const string Variable = "UDSBROKER_SERVER_USER";

    private const string Expected = "the number of a user, or the name of one in /etc/passwd";

    internal static readonly Option<uint?> Option = new("--server-user")
    {
        Description = $"The user that the broker must run as, by name or number. Without it ${Variable}, else root or this user.",
        HelpName = "user",
        CustomParser = ValueParser.Of(Find, Expected),
        Recursive = true,
    };

    /// <summary>What the command line says, or else the environment; null for root or this user.</summary>
    /// <exception cref="FormatException">The environment names nobody.</exception>
    internal static uint? Read(ParseResult parsed)
    {
        if (parsed.GetValue(Option) is { } said) return said;
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } text) return null;
        return Find(text) ?? throw new FormatException($"${Variable} '{text}' is not {Expected}");
    }

    private static uint? Find(string text)
    {
        if (uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var uid)) return uid;
        var user = File.ReadLines("/etc/passwd").Select(line => line.Split(':')).FirstOrDefault(fields => fields.Length > 2 && fields[0] == text);
        return user is null ? null : uint.Parse(user[2], NumberStyles.None, CultureInfo.InvariantCulture);
    }
}
