using System.CommandLine;
using UdsBroker.Cli.Options;

namespace UdsBroker.Cli.Commands;

/// <summary><c>udsb wait SUBJECT</c>: ends as soon as somebody is subscribed to the subject, so that a script may publish to it.</summary>
internal static class WaitCommand
{
    private static readonly Argument<string> SubjectName = CheckedSubject.Subject("The subject, without wildcards.");

    private static readonly Option<TimeSpan?> Timeout = DurationOption.Create("--timeout", "Give up after so long, with exit code 1. Without it, wait for as long as it takes.", "-t");

    internal static Command Create()
    {
        var command = new Command("wait", "Waits until somebody is subscribed to a subject.") { SubjectName, Timeout };
        command.SetAction(Run.WithClient(
            async (parsed, client, cancellationToken) =>
            {
                await client.WaitForSubscribersAsync(parsed.GetValue(SubjectName)!, parsed.GetValue(Timeout), cancellationToken).ConfigureAwait(false);
                return ExitCodes.Done;
            }));
        return command;
    }
}
