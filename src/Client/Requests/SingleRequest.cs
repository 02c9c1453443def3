using UdsBroker.Protocol;

namespace UdsBroker.Client;

/// <summary>A request that the first answer fulfils.</summary>
internal sealed class SingleRequest(Subscription inbox) : TaskCompletionSource<Message>(TaskCreationOptions.RunContinuationsAsynchronously), IPendingRequest
{
    public void OnAnswer(ReceiveBuffer buffer, int offset, int length, Guid sender)
    {
        ReadOnlySpan<byte> frame = buffer.Bytes.AsSpan(offset, length);
        FrameScanner.Scan(frame, Limits.Ceiling, out FrameHead head);
        TrySetResult(Message.Copy(frame, head, new MessageOrigin(sender, DeliverFlags.None, 0), inbox));
    }

    public void Fail(Exception error)
    {
        TrySetException(error);
        _ = Task.Exception;
    }
}
