using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.Streams.Stage;

namespace UdsBroker.Compat.Streams.Tests;

public sealed class AttributeTests(Systems systems) : StreamTest(systems)
{
    [Fact]
    public async Task The_most_specific_attribute_of_a_kind_wins()
    {
        var seen = new TaskCompletionSource<Attributes>();
        var flow = Flow.FromGraph(new AttributeStage(seen)).Named("inner").Via(Flow.Create<string>().Select(s => s)).Named("outer");
        Source.Empty<string>().Via(flow.AddAttributes(Attributes.CreateInputBuffer(1, 2))).To(Sink.Ignore<string>()).Run(Materializer);
        var attributes = await Within(seen.Task);
        Assert.Equal("inner", attributes.GetAttribute<Attributes.Name>().Value);
        Assert.Equal(["outer", "inner"], attributes.GetAttributeList<Attributes.Name>().Select(name => name.Value).TakeLast(2));
        Assert.Equal(new Attributes.InputBuffer(1, 2), attributes.GetAttribute<Attributes.InputBuffer>());
        Assert.EndsWith("outer-inner", attributes.GetNameOrDefault(), StringComparison.Ordinal);
        Assert.NotNull(attributes.GetMandatoryAttribute<ActorAttributes.SupervisionStrategy>());
    }

    [Fact]
    public void Attributes_are_values()
    {
        var attributes = Attributes.CreateName("a").And(Attributes.CreateAsyncBoundary());
        Assert.Equal([new Attributes.Name("a"), Attributes.AsyncBoundary.Instance], attributes.AttributeList.OrderByDescending(each => each is Attributes.Name));
        Assert.Same(attributes, attributes.And(Attributes.None));
        Assert.Same(attributes, Attributes.None.And(attributes));
        Assert.Null(attributes.GetAttribute<Attributes.InputBuffer>());
        Assert.Equal("b", attributes.And(new Attributes.Name("b")).GetAttribute<Attributes.Name>().Value);
        Assert.Equal("a", attributes.And(new Attributes.Name("b")).GetAttributeList<Attributes.Name>().First().Value);
        Assert.Equal(1, Attributes.CreateInputBuffer(1, 1).And(Attributes.CreateInputBuffer(2, 2)).GetMandatoryAttribute<Attributes.InputBuffer>().Max);
        Assert.Throws<InvalidOperationException>(attributes.GetMandatoryAttribute<Attributes.InputBuffer>);
        Assert.Null(Attributes.None.GetNameOrDefault());
        Assert.Equal("unknown-operation", Attributes.CreateAsyncBoundary().GetNameOrDefault());
        Assert.Equal(new ActorAttributes.Dispatcher("d"), ActorAttributes.CreateDispatcher("d").GetAttribute<ActorAttributes.Dispatcher>());
    }

    [Fact]
    public async Task A_materializer_can_be_given_attributes_for_one_run()
    {
        var seen = new TaskCompletionSource<Attributes>();
        Materializer.Materialize(
            Source.Empty<string>().Via(new AttributeStage(seen)).To(Sink.Ignore<string>()),
            Attributes.CreateInputBuffer(2, 8).And(ActorAttributes.CreateDispatcher(string.Empty)).And(Attributes.CreateName("run")));
        var attributes = await Within(seen.Task);
        Assert.Equal(new Attributes.InputBuffer(2, 8), attributes.GetAttribute<Attributes.InputBuffer>());
        Assert.Contains(new Attributes.Name("run"), attributes.AttributeList);
        Assert.Null(attributes.GetAttribute<ActorAttributes.SupervisionStrategy>());
    }

    private sealed class AttributeStage(TaskCompletionSource<Attributes> seen) : GraphStage<FlowShape<string, string>>
    {
        public override FlowShape<string, string> Shape { get; } = new(new Inlet<string>("Attribute.in"), new Outlet<string>("Attribute.out"));

        protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes)
        {
            seen.SetResult(inheritedAttributes);
            return new Logic(Shape);
        }

        private sealed class Logic : GraphStageLogic
        {
            public Logic(FlowShape<string, string> shape)
                : base(shape)
            {
                SetHandler(shape.Inlet, onPush: () => Push(shape.Outlet, Grab(shape.Inlet)));
                SetHandler(shape.Outlet, onPull: () => Pull(shape.Inlet));
            }
        }
    }
}
