using System.CommandLine;
using System.Text;
using UdsBroker.Cli.Options;
using UdsBroker.Cli.Output;
using UdsBroker.Client;

namespace UdsBroker.Cli.Commands;

/// <summary>
/// <c>udsb serve SUBJECT [-- COMMAND ARGUMENT...]</c>: answers requests until Ctrl-C or a count, with what a command makes of each, with a fixed
/// payload, or, without either, with the request itself.
/// </summary>
internal static class ServeCommand
{
    private static readonly string QueueByDefault = new ServiceOptions().Queue!;

    private static readonly Argument<string> SubjectName = CheckedSubject.Pattern<string>("subject", "What to serve: a subject or a pattern.", ArgumentArity.ExactlyOne);

    private static readonly Argument<string[]> CommandLine = new("command")
    {
        Description = "Behind --: run for each request, with its payload as standard input; its output is the answer. An exit code other than 0 is an error "
            + "for the asker, with what it wrote to standard error.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<string?> Payload = new("--payload", "-p") { Description = "Answer with this text.", HelpName = "text" };

    private static readonly Option<string?> Queue = QueueOption.Create($"The queue group: each request goes to one of its members. Default {QueueByDefault}.");

    private static readonly Option<int?> Concurrency = PositiveNumber.Option("--concurrency", "How many requests are worked on at once. Default 1.", "n");

    private static readonly Option<int?> Count = PositiveNumber.Option("--count", "End after so many requests.", "n", "-c");

    private static readonly Option<bool> Verbose = new("--verbose", "-v") { Description = "Say on standard error when the service is active." };

    internal static Command Create()
    {
        var command = new Command("serve", "Answers requests until Ctrl-C: by a command, by --payload, or, without either, each with itself.") { SubjectName, CommandLine, Payload, Queue, Concurrency, Count, Verbose };
        WillOption.AddTo(command);
        ReconnectOption.AddTo(command);
        command.AddRule(result =>
        {
            if (result.GetValue(Payload) is not null && result.GetValue(CommandLine) is { Length: > 0 }) result.AddError("give --payload or a command, not both");
        });
        command.SetAction(Run.UntilInterrupted(ServeAsync));
        return command;
    }

    private static async Task<int> ServeAsync(ParseResult parsed, UdsBrokerClient client, CancellationToken cancellationToken)
    {
        var left = parsed.GetValue(Count) ?? int.MaxValue;
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var answer = Answering(parsed);
        var service = await client.ServeAsync(
            parsed.GetValue(SubjectName)!,
            async (request, aborted) =>
            {
                try
                {
                    return await answer(request, aborted).ConfigureAwait(false);
                }
                finally
                {
                    if (Interlocked.Decrement(ref left) == 0) enough.TrySetResult();
                }
            },
            new ServiceOptions { Queue = parsed.GetValue(Queue) ?? QueueByDefault, MaxConcurrency = parsed.GetValue(Concurrency) ?? 1, Prefetch = parsed.GetValue(Count) is null ? 64 : 1 },
            cancellationToken).ConfigureAwait(false);
        await using var disposing = service.ConfigureAwait(false);
        service.HandlerFailed += (request, error) => StandardError.Say($"request on {request.Subject} failed: {error.Message}");
        if (IsEcho(parsed)) StandardError.Say("answers each request with itself; a command behind -- or --payload answers otherwise");
        if (parsed.GetValue(Verbose)) StandardError.Say($"serving {service.Subject}");
        await (await Task.WhenAny(service.Completion, enough.Task).WaitAsync(cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
        return ExitCodes.Done;
    }

    private static bool IsEcho(ParseResult parsed) => parsed.GetValue(CommandLine) is not { Length: > 0 } && parsed.GetValue(Payload) is null;

    private static Func<Message, CancellationToken, ValueTask<ReadOnlyMemory<byte>>> Answering(ParseResult parsed)
    {
        if (parsed.GetValue(CommandLine) is { Length: > 0 } command) return (request, aborted) => new ValueTask<ReadOnlyMemory<byte>>(RequestProcess.RunAsync(command, request, aborted));
        if (parsed.GetValue(Payload) is not { } text) return (request, _) => ValueTask.FromResult(request.Payload);
        ReadOnlyMemory<byte> payload = Encoding.UTF8.GetBytes(text);
        return (_, _) => ValueTask.FromResult(payload);
    }
}
