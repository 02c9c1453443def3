using UdsBroker.Bench;
using UdsBroker.Bench.Load;

if (args is ["relay", var path])
{
    new RelayServer().Run(path);
    return 0;
}

return BenchCommand.Run(args);
