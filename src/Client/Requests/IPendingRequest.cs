namespace UdsBroker.Client;

/// <summary>Whoever waits for answers to a request. Called on the socket loop; user code never runs inside these.</summary>
internal interface IPendingRequest
{
    /// <summary>An answer came, as a frame in a receive buffer.</summary>
    void OnAnswer(ReceiveBuffer buffer, int offset, int length, Guid sender);

    /// <summary>No answer will come.</summary>
    void Fail(Exception error);
}
