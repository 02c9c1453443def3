using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using UdsBroker.Cli.Options;
using UdsBroker.Cli.Output;
using UdsBroker.Client;
using UdsBroker.Protocol;

namespace UdsBroker.Cli.Commands;

/// <summary>
/// <c>udsb acl explain --uid N [SUBJECT]</c>: what the access rules in force let a user do, and which rule decides. The broker itself
/// answers, with the same functions that decide for connections. For the broker's operators.
/// </summary>
internal static class AclCommand
{
    private static readonly Argument<string?> SubjectName = CheckedSubject.Pattern<string?>(
        "subject", "A subject, or a pattern that might be subscribed to; without it only connecting is explained.", ArgumentArity.ZeroOrOne);

    private static readonly Option<string?> Uid = new("--uid")
    {
        Description = "The user, by number; or unknown, for one that the kernel cannot name.",
        HelpName = "n",
        Required = true,
        CustomParser = ValueParser.Of(text => text == "unknown" || NumberOf(text) is not null ? text : null, "the number of a user, such as 1000, or unknown"),
    };

    private static readonly Option<uint?[]> Gid = new("--gid")
    {
        Description = "A group that the user is in; may be repeated. Without it the groups that the user database gives.",
        HelpName = "n",
        CustomParser = ValueParser.OfEach(NumberOf, "the number of a group, such as 100"),
    };

    private static readonly Option<string?> Executable = new("--exe")
    {
        Description = "The full path of the program that connects.",
        HelpName = "path",
        CustomParser = ValueParser.Of(text => text.StartsWith('/') ? text : null, "the full path of a program, such as /usr/bin/robot"),
    };

    private static readonly Option<string?> Unit = new("--unit") { Description = "The systemd unit that the program runs in.", HelpName = "name" };

    private static readonly Option<bool> Json = new("--json") { Description = "The broker's own words, as one line of JSON." };

    internal static Command Create()
    {
        var explain = new Command("explain", "Says what a user may do, and which rule decides. For root and the user that the broker runs as.")
        {
            SubjectName, Uid, Gid, Executable, Unit, Json,
        };
        explain.SetAction(Run.WithClient(ExplainAsync));
        return new Command("acl", "Looks at the access rules of the broker.") { explain };
    }

    private static uint? NumberOf(string text) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static async Task<int> ExplainAsync(ParseResult parsed, UdsBrokerClient client, CancellationToken cancellationToken)
    {
        var uid = parsed.GetValue(Uid)!;
        var question = new JsonObject { ["uid"] = NumberOf(uid) is { } number ? number : uid };
        if (parsed.GetValue(Gid) is { Length: > 0 } gids) question["gids"] = new JsonArray([.. gids.Select(gid => JsonValue.Create(gid))]);
        if (parsed.GetValue(Executable) is { } executable) question["executable"] = executable;
        if (parsed.GetValue(Unit) is { } unit) question["unit"] = unit;
        if (parsed.GetValue(SubjectName) is { } subject) question["subject"] = subject;
        var answer = await client.RequestAsync(BrokerOperations.SubjectOf(BrokerOperations.ExplainAccess), Encoding.UTF8.GetBytes(question.ToJsonString()), cancellationToken: cancellationToken).ConfigureAwait(false);
        if (parsed.GetValue(Json))
        {
            Console.WriteLine(Encoding.UTF8.GetString(answer.Payload.Span));
            return ExitCodes.Done;
        }

        using var explanation = JsonDocument.Parse(answer.Payload);
        Print(explanation.RootElement);
        return ExitCodes.Done;
    }

    private static void Print(JsonElement explanation)
    {
        var gids = string.Join(' ', explanation.GetProperty("gids").EnumerateArray().Select(gid => gid.GetRawText()));
        Console.WriteLine(TerminalText.Escape($"{explanation.GetProperty("peer").GetString()}, groups {(gids.Length > 0 ? gids : "none")}"));
        foreach (var decision in explanation.GetProperty("decisions").EnumerateArray())
        {
            var answer = decision.GetProperty("allowed").GetBoolean() ? "allowed" : "denied";
            var part = decision.TryGetProperty("part", out var witness) ? $"because of {witness.GetString()}, " : "";
            var rule = decision.TryGetProperty("text", out var text) ? $": {text.GetString()}" : "";
            Console.WriteLine(TerminalText.Escape($"{decision.GetProperty("verb").GetString(),-9}  {answer,-7}  {part}{decision.GetProperty("because").GetString()}{rule}"));
        }
    }
}
