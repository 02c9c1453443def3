using System.Text;
using System.Text.Json;
using UdsBroker.Client;

namespace UdsBroker.Cli.Output;

/// <summary>
/// A client in a line for people: identity, process, user, groups, name, program, and when it has gone also why. What the client says about itself is shown without
/// its control characters.
/// </summary>
internal static class ClientLine
{
    /// <summary>What stands in the columns, for people who look at a terminal.</summary>
    internal static string Header(bool withSign) => $"{(withSign ? "  " : "")}{"IDENTITY",-36}  {"PROCESS",-11}  {"USER",-9}  {"GROUPS",-9}  NAME  {(withSign ? "PROGRAM OR REASON" : "PROGRAM")}";

    internal static string Of(in Message news, bool withSign)
    {
        using var json = JsonDocument.Parse(news.Payload);
        var client = json.RootElement;
        var isGone = client.TryGetProperty("reason"u8, out var reason);
        var line = new StringBuilder();
        if (withSign) line.Append(isGone ? "- " : "+ ");
        line.Append(Text(client, "id"));
        line.Append(null, $"  pid {Text(client, "pid"),-7}  uid {Text(client, "uid"),-5}  gid {Groups(client),-5}  {Text(client, "name")}");
        if (isGone) line.Append(null, $"  {TerminalText.Escape(reason.ToString())}{(Text(client, "message") is { Length: > 0 } message ? $": {message}" : "")}");
        else line.Append(null, $"  {Text(client, "executable")}");
        return line.ToString();
    }

    // As in "gid 1000,27,100": the primary group first.
    private static string Groups(JsonElement client)
    {
        var primary = Text(client, "gid");
        return client.TryGetProperty("groups"u8, out var others) ? $"{primary},{string.Join(',', others.EnumerateArray())}" : primary;
    }

    private static string Text(JsonElement client, string key) => client.TryGetProperty(key, out var value) ? TerminalText.Escape(value.ToString()) : "-";
}
