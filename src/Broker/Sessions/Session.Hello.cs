using System.Buffers;
using System.Text;
using UdsBroker.Broker.Access;
using UdsBroker.Broker.Delivery;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Sessions;

/// <summary>HELLO and its answer, with the optional last will. What the client sent after HELLO is answered after WELCOME.</summary>
internal sealed partial class Session
{
    private uint _welcome;
    private List<byte[]>? _afterWelcome;

    /// <summary>True once the client has said HELLO.</summary>
    internal bool IsGreeted => _inbox is not null;

    /// <summary>The message to publish when the connection does not end in order: a whole PUBLISH frame, or null.</summary>
    internal byte[]? Will { get; private set; }

    /// <summary>Called when the changes that were taken are in force.</summary>
    internal void SendWelcome()
    {
        if (_welcome == 0) return;
        var output = new ArrayBufferWriter<byte>(512);
        FrameWriter.Write(output, new WelcomeCommand(_welcome, context.Id, context.Client.Welcome()));
        _welcome = 0;
        outbox.Welcome([output.WrittenSpan.ToArray(), .. _afterWelcome ?? []]);
        _afterWelcome = null;
    }

    private void Greet(HelloCommand hello)
    {
        if (IsGreeted)
        {
            Ending = new Ending(CloseReason.Violation, "HELLO is sent once, as the first frame");
            return;
        }

        if (WireVersion.Negotiate(hello.Version) is not { } version)
        {
            Ending = new Ending(
                CloseReason.UnsupportedVersion, $"the client speaks up to version {hello.Version} of the wire; the oldest that this broker speaks is {WireVersion.Oldest}");
            return;
        }

        _welcome = version;
        var inbox = new byte[ReservedSubjects.InboxPrefixLength + 1];
        ReservedSubjects.WriteInboxPrefix(inbox, context.Id);
        inbox[^1] = (byte)'>';
        context.Client.Greeted(hello.Options);
        _inbox = new Subscription(outbox, ReservedSubjects.InboxSid, inbox, SubscribeOptions.None, context.Bound) { Client = context.Client };
        Route(_inbox);
        if (hello.Options.Will is { } will) TakeWill(will);
    }

    // A will that could not be published is refused now, while the client can still be told.
    private void TakeWill(LastWill will)
    {
        if (!WillFrame.TryEncode(will, context.Limits, out var frame, out var problem))
        {
            Answer(ErrorFrames.Encode(ErrorCode.BadOption, $"HELLO: {problem}"));
            return;
        }

        var subject = Encoding.UTF8.GetBytes(will.Subject);
        if (context.Access.Rules.Publish(subject) is { IsAllowed: false } decision)
            Answer(ErrorFrames.Encode(ErrorCode.NotAllowed, context.Access.Deny(AccessVerbs.Publish, subject, decision), "subject", subject));
        else Will = frame;
    }
}
