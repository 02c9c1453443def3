using System.CommandLine;
using System.Text;
using System.Text.Json;
using UdsBroker.Cli.Output;
using UdsBroker.Client;
using UdsBroker.Protocol;

namespace UdsBroker.Cli.Commands;

/// <summary><c>udsb stats</c>: what the broker has counted since its start, a name and a number to a line; or JSON, once or again and again.</summary>
internal static class StatsCommand
{
    private static readonly Option<bool> Json = new("--json") { Description = "The broker's own words, as one line of JSON." };

    private static readonly Option<bool> Watch = new("--watch", "-w") { Description = "Stay, and print one line of JSON, now and as often as the broker publishes its statistics." };

    internal static Command Create()
    {
        var command = new Command("stats", "Prints what the broker has counted since its start.") { Json, Watch };
        command.SetAction(Run.UntilInterrupted(PrintAsync, isEndless: parsed => parsed.GetValue(Watch)));
        return command;
    }

    private static async Task<int> PrintAsync(ParseResult parsed, UdsBrokerClient client, CancellationToken cancellationToken)
    {
        // The first ones are asked for: the next to be published may be far off, or never be.
        var watched = parsed.GetValue(Watch) ? await client.SubscribeAsync(SystemSubjects.Statistics, cancellationToken: cancellationToken).ConfigureAwait(false) : null;
        var answer = await client.RequestAsync(BrokerOperations.SubjectOf(BrokerOperations.Statistics), default, cancellationToken: cancellationToken).ConfigureAwait(false);
        if (watched is not null || parsed.GetValue(Json)) Console.WriteLine(Encoding.UTF8.GetString(answer.Payload.Span));
        while (watched is not null) Console.WriteLine(Encoding.UTF8.GetString((await watched.ReadAsync(cancellationToken).ConfigureAwait(false)).Payload.Span));
        if (parsed.GetValue(Json)) return ExitCodes.Done;

        using var counts = JsonDocument.Parse(answer.Payload);
        PrintLines("", counts.RootElement);
        return ExitCodes.Done;
    }

    private static void PrintLines(string prefix, JsonElement values)
    {
        foreach (var value in values.EnumerateObject())
        {
            if (value.Value.ValueKind == JsonValueKind.Object) PrintLines($"{prefix}{value.Name}.", value.Value);
            else Console.WriteLine($"{prefix}{value.Name} {TerminalText.Escape(value.Value.ToString())}");
        }
    }
}
