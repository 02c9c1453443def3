using System.CommandLine;
using System.Globalization;
using UdsBroker.Client;
using UdsBroker.Protocol;

namespace UdsBroker.Cli.Options;

/// <summary>
/// The options of a subscriber's flow control, and for what happens when it is behind: PROTOCOL.md, "SUBSCRIBE", and
/// docs/flow-control.md.
/// </summary>
internal static class FlowOptions
{
    // A slow reader of the pipe holds the broker, and through it the publishers, instead of missing messages: few enough messages that the
    // largest ones fit the bytes too.
    private const int CreditByDefault = 256;
    private const int PendingInClient = 64 << 20;

    private static readonly Option<string?> Queue = QueueOption.Create("The queue group to join: each message goes to one of its members.");

    private static readonly Option<OverflowPolicy?> Overflow = CreateOverflow();

    private static readonly Option<long?> Pending = ByteSize.Option(
        "--pending", "How much may wait in the broker for this subscriber, such as 64KiB or 1MB; at most, and by default, what the broker allows.");

    private static readonly Option<int?> Credit = new("--credit")
    {
        Description = $"How many messages may be on their way and not printed yet; 0 for as many as the socket takes. Default {CreditByDefault}.",
        HelpName = "n",
        CustomParser = ValueParser.Of<int?>(
            text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var credit) ? credit : null, $"a whole number from 0 to {int.MaxValue}"),
    };

    /// <summary>Adds the options to a command.</summary>
    internal static void AddTo(Command command)
    {
        command.Add(Queue);
        command.Add(Overflow);
        command.Add(Pending);
        command.Add(Credit);
    }

    /// <summary>What the command line says about the flow of a subscription.</summary>
    internal static SubscriptionOptions Read(ParseResult parsed) => new()
    {
        Queue = parsed.GetValue(Queue),
        Overflow = parsed.GetValue(Overflow),
        BrokerPendingBytes = parsed.GetValue(Pending),
        Credit = parsed.GetValue(Credit) ?? CreditByDefault,
        PendingBytes = PendingInClient,
    };

    private static Option<OverflowPolicy?> CreateOverflow()
    {
        var texts = string.Join(", ", OverflowPolicies.AllTexts);
        var option = new Option<OverflowPolicy?>("--overflow")
        {
            Description = $"What the broker does when this subscriber is behind: {texts}. Default block.",
            HelpName = "policy",
            CustomParser = ValueParser.Of<OverflowPolicy?>(text => OverflowPolicies.TryParse(text, out var policy) ? policy : null, $"one of {texts}"),
        };
        option.CompletionSources.Clear(); // the names in C#, which nothing here understands
        option.CompletionSources.Add([.. OverflowPolicies.AllTexts]);
        return option;
    }
}
