namespace UdsBroker.Client;

/// <summary>A request that takes answers until its caller has enough: they wait in a bounded queue like that of any subscription.</summary>
internal sealed class ManyRequest(Subscription answers) : IPendingRequest
{
    public void OnAnswer(ReceiveBuffer buffer, int offset, int length, Guid sender) => answers.Deliver(buffer, offset, length, 1, sender);

    public void Fail(Exception error) => answers.End(error);
}
