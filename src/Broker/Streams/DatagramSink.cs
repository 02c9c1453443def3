using Akka.Streams;
using Akka.Streams.Stage;

namespace UdsBroker.Broker.Streams;

/// <summary>Hands batches of datagrams to their reader, and the end of them to the owner.</summary>
internal sealed class DatagramSink(IDatagramReader reader, IDatagramEvents events) : GraphStage<SinkShape<DatagramBatch>>
{
    private readonly Inlet<DatagramBatch> _in = new("datagram.batches");

    public override SinkShape<DatagramBatch> Shape => new(_in);

    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this, reader, events);

    private sealed class Logic : InGraphStageLogic
    {
        private readonly Inlet<DatagramBatch> _in;
        private readonly IDatagramReader _reader;
        private readonly IDatagramEvents _events;

        public Logic(DatagramSink stage, IDatagramReader reader, IDatagramEvents events)
            : base(stage.Shape)
        {
            _in = stage._in;
            _reader = reader;
            _events = events;
            SetHandler(_in, this);
        }

        public override void PreStart() => Pull(_in);

        // A stage is notified of failures of other stages but not of its own, so it reports these itself.
        public override void OnPush()
        {
            try
            {
                _reader.Read(Grab(_in));
            }
            catch (Exception e)
            {
                _events.Ended(e);
                throw;
            }

            Pull(_in);
        }

        public override void OnUpstreamFinish()
        {
            _events.Ended(null);
            CompleteStage();
        }

        public override void OnUpstreamFailure(Exception e)
        {
            _events.Ended(e);
            FailStage(e);
        }
    }
}
