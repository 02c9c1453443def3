using System.CommandLine;
using UdsBroker.Cli.Options;
using UdsBroker.Cli.Output;
using UdsBroker.Client;
using UdsBroker.Protocol;

namespace UdsBroker.Cli.Commands;

/// <summary>
/// <c>udsb request SUBJECT [PAYLOAD|-]</c>: asks and prints the answer, or with <c>--many</c> all answers until there are enough. It fails at once
/// when nobody will answer. Of many, the errors of services go to standard error; it fails when nothing else came.
/// </summary>
internal static class RequestCommand
{
    private static readonly Argument<string> SubjectName = CheckedSubject.Subject("What to ask, such as price.get.");

    private static readonly Option<TimeSpan?> Timeout = DurationOption.CreatePositive("--timeout", "How long to wait, with --many for all answers together. Default 5s.", "-t");

    private static readonly Option<bool> Many = new("--many") { Description = "Print every answer that comes, a line for each, until --count, --quiet or --timeout ends it." };

    private static readonly Option<int?> Count = PositiveNumber.Option("--count", "With --many: end after so many answers.", "n", "-c");

    private static readonly Option<TimeSpan?> Quiet = DurationOption.CreatePositive("--quiet", "With --many: end when, after the first, no answer came for so long.");

    private static readonly Option<bool> Json = new("--json")
    {
        Description = "One JSON object for each answer: sender, headers and payload (payloadBase64 when it is not UTF-8).",
    };

    internal static Command Create()
    {
        var command = new Command("request", "Asks whoever serves a subject, with an empty payload if none is given, and prints the answer.")
        {
            SubjectName, PayloadArgument.Argument, HeaderOption.Option, Timeout, Many, Count, Quiet, Json,
        };
        command.AddRule(result =>
        {
            if (!result.GetValue(Many) && (result.GetResult(Count) is not null || result.GetResult(Quiet) is not null)) result.AddError("--count and --quiet need --many");
        });
        command.SetAction(Run.WithClient(AskAsync));
        return command;
    }

    private static async Task<int> AskAsync(ParseResult parsed, UdsBrokerClient client, CancellationToken cancellationToken)
    {
        var subject = parsed.GetValue(SubjectName)!;
        var payload = await PayloadArgument.ReadAsync(parsed, client, cancellationToken).ConfigureAwait(false);
        var headers = HeaderOption.Read(parsed);
        using var output = new AnswerOutput(new StandardOutput(), parsed.GetValue(Json), lines: parsed.GetValue(Many), terminal: !Console.IsOutputRedirected);
        if (!parsed.GetValue(Many))
        {
            output.Write(await client.RequestAsync(subject, payload, headers, parsed.GetValue(Timeout), cancellationToken).ConfigureAwait(false));
            return ExitCodes.Done;
        }

        var (isAnswered, isRefused) = (false, false);
        var enough = new RequestManyOptions { MaxAnswers = parsed.GetValue(Count), QuietGap = parsed.GetValue(Quiet), Deadline = parsed.GetValue(Timeout) };
        await foreach (var answer in client.RequestManyAsync(subject, payload, enough, headers, cancellationToken).ConfigureAwait(false))
        {
            // The error of a service has no payload: as a line it would be an empty answer.
            var isError = answer.Headers.TryGetValue(KnownHeaders.Error, out var error);
            if (isError) StandardError.Say($"{answer.Sender}: {error}");
            if (!isError || parsed.GetValue(Json)) output.Write(answer);
            isAnswered |= !isError;
            isRefused |= isError;
        }

        if (isAnswered) return ExitCodes.Done;
        if (!isRefused) StandardError.Say($"nobody answered on {subject}");
        return ExitCodes.Failed;
    }
}
